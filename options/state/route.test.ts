import { describe, expect, it } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import { hashOf, parseRoute, type Route } from './route.ts';

const id = '7d9f2a3e-5a51-4c53-9f6b-0d8c7b1e2f30' as ClientId;

describe('parseRoute', () => {
  const routes: Route[] = [
    { view: 'clients' },
    { view: 'new-client' },
    { view: 'new-client', copyOf: id },
    { view: 'client', id },
    { view: 'connected-pages' },
    { view: 'settings' },
  ];
  it.each(routes)('parses the result of hashOf: %j', (route) => {
    expect(parseRoute(hashOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/clients/'])(
    'parses %j as the view of all clients',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'clients' });
    },
  );
});
