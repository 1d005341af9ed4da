import { expect, test } from 'vitest';
import { rejectionReasonOf } from './rejection-reason.ts';

test.each([
  ['{"code":401,"message":"Unauthorized"}', 'token'],
  ['{"message":"Unauthorized","code":401,"more":1}', 'token'],
  ['{"code":401,"message":"Unauthorized; scope does not match"}', 'scope'],
  ['{"code":401,"message":"Unauthorized; SCOPE DOES NOT MATCH"}', 'scope'],
  ['{"code":401,"message":"unauthorized"}', 'other'],
  ['{"code":403,"message":"Unauthorized"}', 'other'],
  ['{"code":"401","message":"Unauthorized"}', 'other'],
  ['{"code":401,"message":["Unauthorized"]}', 'other'],
  ['{"code":401,"message":["scope does not match"]}', 'other'],
  ['{"code":401}', 'other'],
  ['{"message":"Unauthorized"}', 'other'],
  ['{"errorMessages":["Client must be authenticated"]}', 'other'],
  ['{"errorMessages":["The app is not installed on this instance."]}', 'other'],
  ['XSRF check failed', 'other'],
  ['[401,"Unauthorized"]', 'other'],
  ['null', 'other'],
  ['"Unauthorized"', 'other'],
  ['<html>Unauthorized</html>', 'other'],
  ['{"code":401,"message":"Unauthorized"', 'other'],
  ['', 'other'],
])('a 401 with the body %j has the reason %s', (body, reason) => {
  expect(rejectionReasonOf(401, body)).toBe(reason);
});

test.each([
  ['XSRF check failed', 'xsrf'],
  [' XSRF check failed.\n', 'xsrf'],
  ['{"code":403,"message":"XSRF check failed"}', 'xsrf'],
  ['{"errorMessages":["XSRF check failed"]}', 'xsrf'],
  ['{"errorMessages":["Cannot link to “XSRF check failed”"]}', 'other'],
  ['{"errorMessages":["XSRF check failed","and more"]}', 'other'],
  ['The summary is: XSRF check failed', 'other'],
  ['{"code":403,"message":"The app is not installed on this instance"}', 'site'],
  ['{"errorMessages":["The app is not installed on this instance."]}', 'site'],
  ['{"errorMessages":["The app is not installed on this instance.","x"]}', 'other'],
  ['XSRF. check failed', 'other'],
  ['null', 'other'],
  ['{"errorMessages":[7]}', 'other'],
  ['{"errorMessages":"The app is not installed on this instance."}', 'other'],
  ['The app is not installed on this instance', 'other'],
  ['{"code":403,"message":"Forbidden"}', 'gateway'],
  ['{"code":401,"message":"Unauthorized"}', 'other'],
  ['{"statusCode":403,"message":"Forbidden","data":{"errors":[]}}', 'other'],
  ['{"timestamp":"x","status":403,"error":"Forbidden","message":"No message available"}', 'other'],
  ['<html>Forbidden</html>', 'other'],
  ['', 'other'],
])('a 403 with the body %j has the reason %s', (body, reason) => {
  expect(rejectionReasonOf(403, body)).toBe(reason);
});

test.each([
  ['{"code":404,"message":"Not Found"}', 'gateway'],
  ['{"errorMessages":["Issue does not exist"],"errors":{}}', 'other'],
  ['{"code":404,"message":"The app is not installed on this instance"}', 'gateway'],
  ['XSRF check failed', 'other'],
  ['', 'other'],
])('a 404 with the body %j has the reason %s', (body, reason) => {
  expect(rejectionReasonOf(404, body)).toBe(reason);
});
