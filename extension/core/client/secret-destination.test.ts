import { expect, test } from 'vitest';
import { addressFields } from './client-addresses.ts';
import { destinationOf, type Destination } from './secret-destination.ts';

const generic: Destination = {
  type: 'generic',
  clientId: 'one',
  authorizationEndpoint: 'https://id.example/authorize',
  tokenEndpoint: 'https://id.example/token',
};

test('the string of a configuration never changes, because encrypted secrets are bound to it', () => {
  expect(destinationOf({ ...generic, apiBase: 'https://api.example' })).toBe(
    '["generic","one","https://id.example/authorize","https://id.example/token",null,null,null,null,"https://api.example"]',
  );
});

test.each(['type', 'clientId', ...addressFields.filter((name) => name !== 'issuer')])(
  'another %s is another destination',
  (name) => {
    expect(destinationOf({ ...generic, [name]: 'https://evil.example' })).not.toBe(
      destinationOf(generic),
    );
  },
);

test('members to which nothing is sent make no difference', () => {
  const renamed = { ...generic, name: 'Other', issuer: 'https://id.example', scopes: ['a'] };
  expect(destinationOf(renamed)).toBe(destinationOf(generic));
});

test('the same URL in another member is another destination', () => {
  const at = (name: 'baseUrl' | 'apiBase'): string =>
    destinationOf({ ...generic, [name]: 'https://a.example' });
  expect(at('baseUrl')).not.toBe(at('apiBase'));
});
