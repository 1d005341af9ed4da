import { expect, test } from 'vitest';
import { destinationOf, type SecretDestination } from './secret-destination.ts';
import { addressFields } from './client-addresses.ts';

const generic: SecretDestination = {
  type: 'generic',
  clientId: 'one',
  authorizationEndpoint: 'https://id.example/authorize',
  tokenEndpoint: 'https://id.example/token',
};

test('the text of a configuration never changes, for what is sealed is bound to it', () => {
  expect(destinationOf({ ...generic, apiBase: 'https://api.example' })).toBe(
    '["generic","one","https://id.example/authorize","https://id.example/token",null,null,null,null,"https://api.example"]',
  );
});

test.each(['type', 'clientId', ...addressFields.filter((name) => name !== 'issuer')])(
  'another %s is another audience',
  (name) => {
    expect(destinationOf({ ...generic, [name]: 'https://evil.example' })).not.toBe(
      destinationOf(generic),
    );
  },
);

test('what nothing is sent to makes no difference', () => {
  const renamed = { ...generic, name: 'Other', issuer: 'https://id.example', scopes: ['a'] };
  expect(destinationOf(renamed)).toBe(destinationOf(generic));
});

test('an address in the place of another is another audience', () => {
  const at = (name: 'baseUrl' | 'apiBase'): string =>
    destinationOf({ ...generic, [name]: 'https://a.example' });
  expect(at('baseUrl')).not.toBe(at('apiBase'));
});
