import { expect, test } from 'vitest';
import { audienceOf, type Addressee } from './audience.ts';
import { addressFields } from './client-addresses.ts';

const generic: Addressee = {
  type: 'generic',
  clientId: 'one',
  authorizationEndpoint: 'https://id.example/authorize',
  tokenEndpoint: 'https://id.example/token',
};

test('the text of a configuration never changes, for what is sealed is bound to it', () => {
  expect(audienceOf({ ...generic, apiBase: 'https://api.example' })).toBe(
    '["generic","one","https://id.example/authorize","https://id.example/token",null,null,null,null,"https://api.example"]',
  );
});

test.each(['type', 'clientId', ...addressFields.filter((name) => name !== 'issuer')])(
  'another %s is another audience',
  (name) => {
    expect(audienceOf({ ...generic, [name]: 'https://evil.example' })).not.toBe(
      audienceOf(generic),
    );
  },
);

test('what nothing is sent to makes no difference', () => {
  const renamed = { ...generic, name: 'Other', issuer: 'https://id.example', scopes: ['a'] };
  expect(audienceOf(renamed)).toBe(audienceOf(generic));
});

test('an address in the place of another is another audience', () => {
  const at = (name: 'baseUrl' | 'apiBase'): string =>
    audienceOf({ ...generic, [name]: 'https://a.example' });
  expect(at('baseUrl')).not.toBe(at('apiBase'));
});
