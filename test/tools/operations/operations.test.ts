import { describe, expect, it } from 'vitest';
import { parseOperationTable } from '#core/operations/operation-table.ts';
import { readOpenApi, type PublishedOperation } from './published-operations.ts';
import { writeTable } from './write-table.ts';

const oauth2 = { type: 'oauth2' };
const basic = { type: 'http' };

/** As the documents of Jira are. */
const jira = {
  openapi: '3.0.1',
  servers: [{ url: 'https://your-domain.atlassian.net' }],
  components: { securitySchemes: { OAuth2: oauth2, basicAuth: basic } },
  paths: {
    '/rest/api/3/issue/{issueIdOrKey}': {
      parameters: [{ name: 'issueIdOrKey', in: 'path' }],
      get: {
        security: [{ basicAuth: [] }, { OAuth2: ['read:jira-work'] }, {}],
        'x-atlassian-oauth2-scopes': [
          { scheme: 'OAuth2', state: 'Beta', scopes: ['read:user:jira', 'read:issue:jira'] },
          { scheme: 'OAuth2', state: 'Current', scopes: ['read:jira-work'] },
        ],
      },
      // The scopes of `security` alone.
      delete: { security: [{ basicAuth: [] }, { OAuth2: ['write:jira-work'] }] },
    },
    '/rest/api/3/serverInfo': {
      get: {
        security: [{ OAuth2: [] }],
        'x-atlassian-oauth2-scopes': [
          { scheme: 'OAuth2', state: 'Current', scopes: [] },
          { scheme: 'OAuth2', state: 'Beta', scopes: [] },
        ],
      },
    },
    // Scopes count also where `security` does not name OAuth 2.0.
    '/rest/api/3/redact': {
      post: {
        security: [{ basicAuth: [] }],
        'x-atlassian-oauth2-scopes': [{ state: 'Beta', scopes: ['redact:issue:jira'] }],
      },
    },
    '/rest/atlassian-connect/1/service-registry': { get: {} },
    '/rest/api/3/mypreferences/locale': { put: { security: [{ basicAuth: [] }] } },
  },
};

/** As the document of Confluence's version 2 is: a path and a variable in the URL of the server. */
const confluence = {
  openapi: '3.0.3',
  servers: [{ url: 'https://{your-domain}/wiki/api/v2' }],
  components: { securitySchemes: { oAuthDefinitions: oauth2 } },
  security: [{ oAuthDefinitions: ['read:page:confluence'] }],
  paths: { '/pages': { get: {}, patch: { security: [] } } },
};

const expected: PublishedOperation[] = [
  {
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}',
    alternatives: [['read:jira-work'], ['read:issue:jira', 'read:user:jira']],
  },
  {
    method: 'DELETE',
    path: '/rest/api/3/issue/{issueIdOrKey}',
    alternatives: [['write:jira-work']],
  },
  { method: 'GET', path: '/rest/api/3/serverInfo', alternatives: [[]] },
  { method: 'POST', path: '/rest/api/3/redact', alternatives: [['redact:issue:jira']] },
  { method: 'GET', path: '/rest/atlassian-connect/1/service-registry', alternatives: [] },
  { method: 'PUT', path: '/rest/api/3/mypreferences/locale', alternatives: [] },
  { method: 'GET', path: '/wiki/api/v2/pages', alternatives: [['read:page:confluence']] },
  { method: 'PATCH', path: '/wiki/api/v2/pages', alternatives: [] },
];

describe('the table of operations', () => {
  const operations = [jira, confluence].flatMap(readOpenApi);

  it('has what the OpenAPI documents say', () => {
    expect(operations).toEqual(expected);
    const table = parseOperationTable(writeTable(operations));
    for (const { method, path, alternatives } of expected) {
      const product = path.startsWith('/wiki/') ? 'confluence' : 'jira';
      const pathname = path.replace(/\{.*\}/u, '10001');
      const found = table.find({ product, method: method, pathname });
      expect([path, found?.alternatives]).toEqual([path, alternatives]);
    }
  });

  it('shares the beginning of a path with the line before', () => {
    expect(writeTable(operations)).toBe(
      [
        'threelo-operations 1',
        'read:issue:jira read:jira-work read:page:confluence read:user:jira redact:issue:jira write:jira-work',
        '0 rest/api/3/issue/* D5 G1|0+3',
        '3 mypreferences/locale U-',
        '3 redact P4',
        '3 serverInfo G',
        '1 atlassian-connect/1/service-registry G-',
        '0 wiki/api/v2/pages A- G2',
        '',
      ].join('\n'),
    );
  });

  it('is not made from anything else', () => {
    expect(() => readOpenApi({ paths: {} })).toThrow('not an OpenAPI document');
    const [first] = expected;
    expect(() => writeTable([first!, { ...first!, alternatives: [] }])).toThrow('twice');
  });
});
