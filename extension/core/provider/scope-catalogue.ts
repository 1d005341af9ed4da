import { defaultCloudScopes } from './atlassian-cloud.ts';

/** The groups in which the scope picker shows the classic scopes. */
export const scopeGroups = ['account', 'jira', 'service-management', 'confluence'] as const;
/** One of {@link scopeGroups}. */
export type ScopeGroup = (typeof scopeGroups)[number];

/** One classic scope of Atlassian Cloud. */
export interface CatalogueScope {
  readonly scope: string;
  readonly group: ScopeGroup;
  /** What an app may do with it: one line in English, not Atlassian's text. */
  readonly description: string;
}

const rows: readonly (readonly [ScopeGroup, string, string])[] = [
  ['account', 'offline_access', 'Stay signed in: Atlassian issues a refresh token.'],
  ['account', 'read:me', 'See who you are: name, email address, picture.'],
  ['account', 'read:account', 'See your account and its sites.'],
  ['jira', 'read:jira-work', 'Read projects, issues, attachments, worklogs and search for issues.'],
  ['jira', 'read:jira-user', 'See the names, addresses and pictures of Jira users.'],
  ['jira', 'write:jira-work', 'Create and change issues, comments, worklogs and attachments.'],
  ['jira', 'manage:jira-project', 'Create and change project settings, components and versions.'],
  ['jira', 'manage:jira-configuration', 'Do what a Jira administrator can do.'],
  ['jira', 'manage:jira-webhook', 'Register and remove webhooks.'],
  ['jira', 'manage:jira-data-provider', 'Send development and deployment information to Jira.'],
  [
    'service-management',
    'read:servicedesk-request',
    'Read requests and approvals of service projects.',
  ],
  [
    'service-management',
    'write:servicedesk-request',
    'Create and change requests of service projects.',
  ],
  [
    'service-management',
    'manage:servicedesk-customer',
    'Manage customers and organisations of service projects.',
  ],
  ['service-management', 'read:servicemanagement-insight-objects', 'Read the objects of Assets.'],
  [
    'confluence',
    'read:confluence-content.all',
    'Read pages, blog posts, comments and attachments in full.',
  ],
  [
    'confluence',
    'read:confluence-content.summary',
    'Read titles and summaries of content, not its body.',
  ],
  [
    'confluence',
    'read:confluence-content.permission',
    'See whether a person may view or change a piece of content.',
  ],
  ['confluence', 'read:confluence-space.summary', 'List spaces and read their summaries.'],
  ['confluence', 'read:confluence-props', 'Read properties kept with content and spaces.'],
  ['confluence', 'read:confluence-user', 'See the names and pictures of Confluence users.'],
  ['confluence', 'read:confluence-groups', 'See groups and their members.'],
  ['confluence', 'search:confluence', 'Search content and spaces.'],
  ['confluence', 'readonly:content.attachment:confluence', 'Download the attachments of content.'],
  [
    'confluence',
    'write:confluence-content',
    'Create, change and remove pages, blog posts and comments.',
  ],
  ['confluence', 'write:confluence-space', 'Create, change and remove spaces.'],
  ['confluence', 'write:confluence-file', 'Upload attachments.'],
  ['confluence', 'write:confluence-props', 'Write properties kept with content and spaces.'],
  ['confluence', 'write:confluence-groups', 'Create and remove groups.'],
  ['confluence', 'manage:confluence-configuration', 'Do what a Confluence administrator can do.'],
];

/**
 * The classic scopes of Atlassian Cloud. Granular ones (`read:page:confluence`) are entered as text.
 * @see Atlassian, "Scopes for OAuth 2.0 (3LO) and Forge apps" (read 2026-09)
 */
export const classicScopes: readonly CatalogueScope[] = rows.map(([group, scope, description]) => ({
  scope,
  group,
  description,
}));

/** The scopes with which pages can change what the scopes of a new client let them read. */
const writeScopes: readonly string[] = [
  'write:jira-work',
  'write:confluence-content',
  'write:confluence-file',
  'write:page:confluence',
];

/** The scopes of a client of Atlassian's clouds, by what pages may do with it. */
export const cloudScopeSets: Readonly<Record<'read' | 'write', readonly string[]>> = {
  read: defaultCloudScopes,
  write: [...defaultCloudScopes, ...writeScopes],
};

/** The APIs that a developer console lists under Permissions, as it names them. */
export const consoleApis = ['User identity API', 'Jira API', 'Confluence API'] as const;

/** The API under which a developer console lists a scope; undefined for `offline_access`, which it does not list. */
export function consoleApiOf(scope: string): (typeof consoleApis)[number] | undefined {
  if (scope === 'read:me' || scope === 'read:account') return 'User identity API';
  if (scope.includes('jira')) return 'Jira API';
  return scope.includes('confluence') ? 'Confluence API' : undefined;
}
