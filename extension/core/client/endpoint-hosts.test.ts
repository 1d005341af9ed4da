import { expect, test } from 'vitest';
import { differentEndpointHosts } from './endpoint-hosts.ts';

const generic = {
  type: 'generic',
  authorizationEndpoint: 'https://login.example/authorize',
  tokenEndpoint: 'https://login.example/token',
} as const;

test.each([
  [{ tokenEndpoint: 'https://evil.example/token' }, 'login.example', 'evil.example'],
  [{ tokenEndpoint: 'https://login.example:8443/token' }, 'login.example', 'login.example:8443'],
  [{ type: 'oauth1', tokenEndpoint: 'https://b.example/t' }, 'login.example', 'b.example'],
] as const)('%j: the hosts are %s and %s', (changes, authorization, token) => {
  expect(differentEndpointHosts({ ...generic, ...changes })).toEqual({ authorization, token });
});

test.each([
  {},
  { tokenEndpoint: 'https://LOGIN.example:443/token' },
  { tokenEndpoint: '' },
  { tokenEndpoint: '{{base}}/token' },
  {
    type: 'google',
    authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenEndpoint: 'https://oauth2.googleapis.com/token',
  },
] as const)('%j: there are no two hosts to warn of', (changes) => {
  expect(differentEndpointHosts({ ...generic, ...changes })).toBeUndefined();
});
