import { expect, test } from 'vitest';
import { scopedAccess } from './scoped-access.ts';
import type { Product } from './site.ts';

test.each<[Product, string[], ReturnType<typeof scopedAccess>]>([
  ['jira', ['read:me', 'read:jira-work'], 'read'],
  ['jira', ['read:me', 'read:confluence-content.all'], 'none'],
  ['jira', ['read:jira-work', 'write:jira-work'], 'write'],
  ['jira', ['read:issue:jira', 'delete:issue:jira'], 'write'],
  ['jira', ['write:servicedesk-request'], 'write'],
  ['jira', ['read:jira-work', 'validate:jql:jira'], 'read'],
  ['jira', ['read:jira-work', 'write:confluence-content'], 'read'],
  [
    'confluence',
    ['read:page:confluence', 'search:confluence', 'readonly:content.attachment:confluence'],
    'read',
  ],
  ['confluence', ['read:page:confluence', 'write:confluence-file'], 'write'],
  ['jira', ['WRITE'], undefined],
  ['generic', ['read:all'], undefined],
])('at %s the scopes %j allow %s', (product, scopes, access) => {
  expect(scopedAccess({ product, scopes })).toBe(access);
});
