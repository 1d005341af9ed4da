import { expect, test } from 'vitest';
import { scopedAccess, type ScopedAccess } from './scoped-access.ts';
import type { Product } from './site.ts';

const cases: readonly (readonly [Product, string, ScopedAccess | undefined])[] = [
  ['jira', 'read:jira-work', 'read'],
  ['jira', 'read:jira-work read:me offline_access', 'read'],
  ['jira', 'read:jira-work write:jira-work', 'write'],
  ['jira', 'read:jira-work manage:jira-project', 'write'],
  ['jira', 'write:servicedesk-request', 'write'],
  ['jira', 'read:servicemanagement-insight-objects', 'read'],
  ['jira', 'read:issue:jira read:project:jira', 'read'],
  ['jira', 'read:issue:jira validate:jql:jira', 'read'],
  ['jira', 'read:issue:jira delete:issue:jira', 'write'],
  ['jira', 'send:notification:jira', 'write'],
  ['jira', 'write:page:confluence read:jira-work', 'read'],
  ['jira', 'read:me write:page:confluence', 'none'],
  ['jira', 'read:me', 'none'],
  ['confluence', 'search:confluence readonly:content.attachment:confluence', 'read'],
  ['confluence', 'write:confluence-content', 'write'],
  ['confluence', 'write:jira-work', 'none'],
  ['jira', 'READ', 'read'],
  ['jira', 'WRITE', 'write'],
  ['confluence', 'SYSTEM_ADMIN', 'write'],
  ['jira', 'ADMIN', 'write'],
  ['bitbucket', 'REPO_READ', 'read'],
  ['bitbucket', 'PUBLIC_REPOS', 'read'],
  ['bitbucket', 'REPO_READ ACCOUNT_WRITE', 'write'],
  ['bitbucket', 'PROJECT_ADMIN', 'write'],
  ['bamboo', 'READ', 'read'],
  ['bamboo', 'TRIGGER', 'write'],
  ['jira', '', undefined],
  ['jira', 'everything', undefined],
  ['bitbucket', 'read:repository:bitbucket', undefined],
  ['generic', 'read:jira-work', undefined],
  ['generic', 'READ', undefined],
];

test.each(cases)('%s with "%s": %s', (product, text, access) => {
  const scopes = text.split(' ').filter((scope) => scope !== '');
  expect(scopedAccess({ product, scopes })).toBe(access);
});
