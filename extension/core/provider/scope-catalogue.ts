import { defaultCloudScopes } from './atlassian-cloud.ts';

/**
 * The classic scopes of Atlassian Cloud by the groups in which they are shown. What each one allows is a text:
 * `scope_description_` and its {@link ScopeName}. Granular scopes (`read:page:confluence`) are entered as text.
 * @see Atlassian, "Scopes for OAuth 2.0 (3LO) and Forge apps" (read 2026-09)
 */
const scopesOf = {
  account: ['offline_access', 'read:me', 'read:account'],
  jira: [
    'read:jira-work',
    'read:jira-user',
    'write:jira-work',
    'manage:jira-project',
    'manage:jira-configuration',
    'manage:jira-webhook',
    'manage:jira-data-provider',
  ],
  service_management: [
    'read:servicedesk-request',
    'write:servicedesk-request',
    'manage:servicedesk-customer',
    'read:servicemanagement-insight-objects',
  ],
  confluence: [
    'read:confluence-content.all',
    'read:confluence-content.summary',
    'read:confluence-content.permission',
    'read:confluence-space.summary',
    'read:confluence-props',
    'read:confluence-user',
    'read:confluence-groups',
    'search:confluence',
    'readonly:content.attachment:confluence',
    'write:confluence-content',
    'write:confluence-space',
    'write:confluence-file',
    'write:confluence-props',
    'write:confluence-groups',
    'manage:confluence-configuration',
  ],
} as const;

/** A group of the classic scopes; `scope_group_` and its name is the text for it. */
export type ScopeGroup = keyof typeof scopesOf;
/** A classic scope of Atlassian Cloud. */
export type ClassicScope = (typeof scopesOf)[ScopeGroup][number];

type Replaced<
  Text extends string,
  Mark extends string,
> = Text extends `${infer Before}${Mark}${infer After}`
  ? `${Before}_${Replaced<After, Mark>}`
  : Text;
/** A scope with an underscore for each mark, as in the key of a text: `read_jira_work`. */
export type ScopeName<Scope extends string = ClassicScope> = Replaced<
  Replaced<Replaced<Scope, ':'>, '-'>,
  '.'
>;

/** One classic scope and its group. */
export interface CatalogueScope {
  readonly scope: ClassicScope;
  readonly group: ScopeGroup;
}

/** The groups in the order in which they are shown. */
export const scopeGroups = Object.keys(scopesOf) as ScopeGroup[];

/** The classic scopes, group by group. */
export const classicScopes: readonly CatalogueScope[] = scopeGroups.flatMap((group) =>
  scopesOf[group].map((scope) => ({ scope, group })),
);

/** The {@link ScopeName} of a classic scope. */
export function scopeName(scope: ClassicScope): ScopeName {
  return scope.replaceAll(/[:.-]/gu, '_') as ScopeName;
}

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
