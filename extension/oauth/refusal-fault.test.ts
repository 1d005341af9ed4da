import { expect, test } from 'vitest';
import { isServerFailure } from './refusal-fault.ts';

test.each([
  [400, 'invalid_request', false],
  [500, 'invalid_request', true],
  [408, undefined, true],
  [400, 'server_error', true],
])('status %i with %s is a failure of the server: %s', (status, error, isFailure) => {
  expect(isServerFailure({ status, error })).toBe(isFailure);
});
