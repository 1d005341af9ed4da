import { expect, test } from 'vitest';
import { errorCode, oauthError } from './token-error.ts';

test.each([
  ['{"error":"invalid_grant"}', 'invalid_grant'],
  ['{"error":"invalid_grant: Unknown or invalid refresh token."}', 'invalid_grant'],
  ['{"error":" invalid_grant Unknown token"}', 'invalid_grant'],
  ['{"error":"error.code-7"}', 'error.code-7'],
  ['error=bad_verification_code&error_description=The+code+is+incorrect.', 'bad_verification_code'],
  ['error=expired_token\n', 'expired_token'],
])('%s reports %s', (text, error) => {
  expect(oauthError(text)).toBe(error);
});

test.each([
  '',
  '<html><a href="?error=invalid_grant">Sign in</a></html>',
  'invalid_grant',
  'The page was not found: error=invalid_grant',
  '{}',
  'null',
  '[{"error":"invalid_grant"}]',
  '"invalid_grant"',
  '{"error":{"code":"invalid_grant"}}',
  '{"error":["invalid_grant"]}',
  '{"error":401}',
  '{"error":""}',
  '{"status":404,"error":"Not Found","path":"/rest/oauth2/latest/token"}',
  '{"error":"Bad Gateway"}',
  '{"error":"invalid_grant, sorry"}',
  '{"message":"invalid_grant"}',
  'message=invalid_grant',
  '{"error":"invalid_grant"',
])('%s reports no OAuth error', (text) => {
  expect(oauthError(text)).toBeUndefined();
});

test.each([
  ['invalid_grant', 'invalid_grant'],
  ['a'.repeat(64), 'a'.repeat(64)],
  ['a'.repeat(65), undefined],
  [undefined, undefined],
  [1, undefined],
  ['', undefined],
  ['A', undefined],
  ['<b>', undefined],
])('%j begins with the code %j', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
