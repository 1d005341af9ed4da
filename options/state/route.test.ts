import { describe, expect, it } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import { hashOf, parseRoute, type Route } from './route.ts';

const id = '7d9f2a3e-5a51-4c53-9f6b-0d8c7b1e2f30' as ClientId;

describe('parseRoute', () => {
  const routes: Route[] = [
    { view: 'clients' },
    { view: 'new-client' },
    { view: 'new-client', copyOf: id },
    { view: 'client', id },
    { view: 'client', id, isToSignIn: true },
    { view: 'sessions' },
    { view: 'sessions', id: '2f0d8c7b-5a51-4c53-9f6b-7d9f2a3e1b2f' as SessionId },
    { view: 'connected-pages' },
    { view: 'connected-pages', origin: 'https://dash.example:8443' as Origin },
    { view: 'activity' },
    { view: 'activity', origin: 'https://dash.example' as Origin },
    { view: 'console' },
    { view: 'about' },
    { view: 'welcome' },
    { view: 'welcome', page: { origin: 'https://dash.example:8443' as Origin } },
    { view: 'welcome', page: { origin: 'https://dash.example' as Origin, tabId: 12 } },
    { view: 'settings' },
  ];
  it.each(routes)('parses the result of hashOf: %j', (route) => {
    expect(parseRoute(hashOf(route))).toEqual(route);
  });

  it.each(['#/activity/%', '#/activity/nowhere', '#/activity/javascript%3Aalert(1)'])(
    'ignores the detail of %j, which is no origin',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'activity' });
    },
  );

  it.each([
    '#/welcome?from=javascript:alert(1)',
    '#/welcome?from=extension:a@b',
    '#/welcome?tab=1',
  ])('ignores the page of %j, which is none that can be connected', (hash) => {
    expect(parseRoute(hash)).toEqual({ view: 'welcome' });
  });

  it.each(['', '#', '#/', '#/nowhere', '#/clients/'])(
    'parses %j as the view of all clients',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'clients' });
    },
  );
});
