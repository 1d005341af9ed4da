import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { sampleBodies } from '../../test/support/samples/command-samples.ts';
import { commands, isCommandName, type CommandName } from './commands.ts';

const names = Object.keys(commands) as CommandName[];
const accepts = (name: CommandName, body: unknown): boolean => v.is(commands[name].request, body);
const parsed = (name: CommandName, body: unknown): unknown => v.parse(commands[name].request, body);

describe.each(names)('%s', (name) => {
  const sample = sampleBodies[name];
  test('is for our own pages, or for connected pages and other extensions alike', () => {
    const isOfPages = /^(page|api)\./u.test(name);
    expect(commands[name].callers).toEqual(isOfPages ? ['page', 'external'] : ['ui']);
  });
  test('accepts its body, and removes unknown members', () => {
    expect(parsed(name, { ...sample, origin2: 'https://evil.test', caller: 'ui' })).toEqual(sample);
  });
  test('refuses another shape', () => {
    for (const body of [null, undefined, 1, 'x', true])
      expect(accepts(name, body), String(body)).toBe(false);
  });
  test.each(Object.keys(sample))('validates %s', (member) => {
    for (const wrong of [{ toString: 'x' }, Symbol.iterator, Number.NaN, -1, [[]]]) {
      expect(accepts(name, { ...sample, [member]: wrong }), `${member} ${typeof wrong}`).toBe(
        false,
      );
    }
  });
  test('a body with the names of prototypes does not pollute them', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as object;
    const value = parsed(name, { ...hostile, ...sample });
    expect({}).not.toHaveProperty('polluted');
    expect(value).not.toHaveProperty('polluted');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

test.each([
  'toString',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '',
  'client',
  'consent.grant',
])('%j is no command', (name) => {
  expect(isCommandName(name)).toBe(false);
});

const sites = [
  { cloudId: 'a', product: 'jira', sessionId: '11111111-1111-4111-8111-111111111111' },
];
const api = sampleBodies['api.request'];
test.each<[string, CommandName, Record<string, unknown>]>([
  ['a grant of no site', 'grant.prepare', { ...sampleBodies['grant.prepare'], sites: [] }],
  [
    'a grant of 501 sites',
    'grant.prepare',
    { ...sampleBodies['grant.prepare'], sites: Array(501).fill(sites[0]) },
  ],
  [
    'a grant for an origin without TLS',
    'grant.prepare',
    { ...sampleBodies['grant.prepare'], origin: 'http://a.example' },
  ],
  [
    'a grant for a key of no extension',
    'grant.prepare',
    { ...sampleBodies['grant.prepare'], origin: 'extension:https://a.example' },
  ],
  [
    'a grant for an address',
    'grant.prepare',
    { ...sampleBodies['grant.prepare'], origin: 'https://a.example/x' },
  ],
  [
    'a cloud id that leads elsewhere',
    'grant.prepare',
    { ...sampleBodies['grant.prepare'], sites: [{ ...sites[0], cloudId: '..' }] },
  ],
  [
    'an answer that allows without sites',
    'ask.decide',
    { id: sites[0]?.sessionId, decision: { allow: true, access: 'read' } },
  ],
  ['a chunk above 1 MiB', 'api.request', { ...api, body: new ArrayBuffer(1_048_577) }],
  ['a body as text', 'api.request', { ...api, body: 'x' }],
  ['a body as a view', 'api.request', { ...api, body: new Uint8Array(1) }],
  ['a body above 25 MiB', 'api.request', { ...api, writtenBytes: 26_214_401 }],
  ['an address of 65,537 characters', 'api.request', { ...api, input: 'x'.repeat(65_537) }],
  ['65 headers', 'api.request', { ...api, headers: Array(65).fill(['accept', 'x']) }],
  ['headers as an object', 'api.request', { ...api, headers: { accept: 'x' } }],
  [
    'a header of three',
    'api.request',
    { ...api, headers: [['accept', 'x']].map((pair) => [...pair, 1]).concat([[1]] as never) },
  ],
  ['an empty call id', 'api.request', { ...api, callId: '' }],
  ['a call id of 65 characters', 'api.request', { ...api, callId: 'x'.repeat(65) }],
  ['an import above 1 MiB', 'client.import', { json: 'x'.repeat(1_048_577) }],
])('refuses %s', (_, name, body) => {
  expect(accepts(name, body)).toBe(false);
});

test('a grant is removed by the origin of pages or the key of another extension', () => {
  for (const origin of ['https://a.example', 'extension:helper@author.example'])
    expect(accepts('grant.remove', { origin }), origin).toBe(true);
});

test('a reply type is never called', () => {
  expect(() => commands['overview.get'].reply()).toThrow();
});
