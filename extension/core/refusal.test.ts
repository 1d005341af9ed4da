import { expect, test } from 'vitest';
import { readRefusal } from './refusal.ts';

test.each([
  ['{"code":401,"message":"Unauthorized"}', 'token'],
  ['{"message":"Unauthorized","code":401,"more":1}', 'token'],
  ['{"code":401,"message":"Unauthorized; scope does not match"}', 'scope'],
  ['{"code":401,"message":"Unauthorized; SCOPE DOES NOT MATCH"}', 'scope'],
  ['{"code":401,"message":"unauthorized"}', 'other'],
  ['{"code":403,"message":"Unauthorized"}', 'other'],
  ['{"code":"401","message":"Unauthorized"}', 'other'],
  ['{"code":401,"message":["Unauthorized"]}', 'other'],
  ['{"code":401}', 'other'],
  ['{"message":"Unauthorized"}', 'other'],
  ['{"errorMessages":["Client must be authenticated"]}', 'other'],
  ['[401,"Unauthorized"]', 'other'],
  ['null', 'other'],
  ['"Unauthorized"', 'other'],
  ['<html>Unauthorized</html>', 'other'],
  ['{"code":401,"message":"Unauthorized"', 'other'],
  ['', 'other'],
])('a 401 that says %j is about: %s', (body, refusal) => {
  expect(readRefusal(body)).toBe(refusal);
});
