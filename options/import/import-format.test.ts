import { expect, test } from 'vitest';
import { cloud, info, oauth2, schema } from '../../test/support/samples/postman-samples.ts';
import { importFormatOf } from './import-format.ts';

test.each<[string, unknown]>([
  ['a collection of version 2.1', { info, item: [], auth: oauth2(cloud) }],
  ['a collection of version 2.0', { info: { name: 'c', schema: schema('2.0.0') }, item: [] }],
  ['a collection of a version to come', { info: { name: 'c', schema: schema('3.0.0') } }],
  ['a collection of version 1', { id: '1', name: 'c', requests: [] }],
  ["a collection of Postman's API", { collection: { info, item: [] } }],
  ['an environment', { name: 'e', values: [] }],
  ["an environment of Postman's API", { environment: { values: [] } }],
])('%s has the format postman', (_, value) => {
  expect(importFormatOf(JSON.stringify(value))).toBe('postman');
  expect(importFormatOf(`\uFEFF${JSON.stringify(value, null, 2)}\n`)).toBe('postman');
});

test.each<[string, unknown]>([
  ['a list of clients', [{ name: 'Team', type: 'GENERIC', threelo: { type: 'generic' } }]],
  ['one client', { name: 'Team', type: 'GENERIC', clientId: 'abc' }],
  ['a list of collections', [{ info, item: [] }]],
  ['a description of an API', { openapi: '3.1.0', info: { title: 'x' } }],
  ['null', null],
  ['a text', 'info'],
])('%s has the format clients', (_, value) => {
  expect(importFormatOf(JSON.stringify(value))).toBe('clients');
});

test.each(['', ' ', '{', '{"info":', 'undefined', '[1,]'])('%j is not JSON', (text) => {
  expect(importFormatOf(text)).toBeUndefined();
});
