import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { importPostman } from '#core/import/postman/import-postman.ts';
import {
  canaries,
  cloud,
  collectionJson as json,
  environmentJson as environment,
  info,
  oauth1,
  oauth2,
} from '../../test/support/samples/postman-samples.ts';
import { chosenDrafts, previewImport, type ImportEntryView } from './import-preview.ts';

function preview(body: { json: string; environment?: string }) {
  const found = previewImport(importPostman(body.json, body.environment), []);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

test(
  'of as many clients as a file may have, all of one name, takes seconds',
  { timeout: 20_000 },
  () => {
    const item = Array.from({ length: 2000 }, (_, at) => ({
      request: { auth: oauth2({ ...cloud, clientId: `id-${at}` }) },
    }));
    const { entries } = preview({ json: JSON.stringify({ info, item }) });
    expect([entries[0]?.name, entries[1999]?.name]).toEqual(['Cloud', 'Cloud (2000)']);
  },
);
test('shows what each configuration is', () => {
  const { name, entries } = preview({ json, environment });
  expect(name).toBe('Atlassian');
  expect(entries).toMatchObject([
    {
      kind: 'client',
      name: 'Cloud',
      client: {
        type: 'atlassian-cloud',
        clientId: 'cloud-id',
        scopes: ['read:jira-work', 'offline_access'],
      },
      hasSecret: true,
      problems: [],
      leftOut: [],
    },
    {
      kind: 'client',
      name: 'Cloud (2)',
      client: {
        type: 'generic',
        clientId: 'generic-id',
        clientAuthentication: 'basic',
        authorizationParameters: { resource: 'wiki' },
      },
      leftOut: ['nonce', 'refreshTokenUrl'],
      unknownFields: ['novelty'],
      places: [['Atlassian', 'Other']],
    },
    {
      kind: 'consumer',
      name: 'Link',
      consumerKey: 'link',
      signatureMethod: 'HMAC-SHA1',
      hasSecret: true,
    },
  ] satisfies readonly Partial<Record<keyof ImportEntryView, unknown> | object>[]);
});

test('has no secret in it', () => {
  expect(json).toMatch(canaries);
  expect(JSON.stringify(preview({ json, environment }))).not.toMatch(canaries);
});

test('says what a variable that nothing defines leaves open', () => {
  const { entries } = preview({ json });
  expect(entries[1]).toMatchObject({
    missing: ['clientId'],
    warnings: [{ warning: 'variable_unresolved', subject: 'id' }],
  });
});

test.each([
  ['{', 'json_invalid'],
  ['{"values":[]}', 'is_environment'],
  [JSON.stringify({ info }), 'nothing_found'],
])('of %s says why it cannot be read', (text, problem) => {
  expect(previewImport(importPostman(text), [])).toEqual({ problem });
});

const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (type: 'pkcs1' | 'pkcs8') => rsaKey.export({ type, format: 'pem' }).toString();
const rsa = { consumerKey: 'ext-key', signatureMethod: 'RSA-SHA1' };
const request = (name: string, fields: Record<string, unknown>) => ({
  name,
  request: { auth: oauth1(fields) },
});
const consumers = JSON.stringify({
  info,
  item: [
    request('Photos', { consumerKey: 'ext-key', consumerSecret: 'shared-secret' }),
    request('Link', { ...rsa, privateKey: pem('pkcs1') }),
    request('Keyless', rsa),
    request('Broken', { ...rsa, privateKey: 'canary' }),
  ],
});

test('consumers are shown without their keys; a key that cannot be read is reported', () => {
  const { entries } = preview({ json: consumers });
  expect(entries).toMatchObject([
    { name: 'Photos', hasSecret: true, problems: [] },
    { name: 'Link', hasSecret: true, problems: [] },
    { name: 'Keyless', hasSecret: false, problems: [] },
    { name: 'Broken', problems: [{ field: 'privateKeyPem', problem: 'key_not_pem' }] },
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/canary|shared-secret|PRIVATE/u);
});

test('the key of a consumer is sent as PKCS#8', () => {
  const baseUrl = 'https://jira.example';
  const servers = [{ at: 1, type: 'application-link', product: 'jira', baseUrl } as const];
  const drafts = chosenDrafts(importPostman(consumers), { entries: [1], servers }, []);
  expect(drafts).toMatchObject([{ name: 'Link', baseUrl, privateKeyPem: pem('pkcs8') }]);
});
