/** The Data Center products that are OAuth 2.0 providers. */
export const dataCenterProducts = ['jira', 'confluence', 'bitbucket', 'bamboo'] as const;
/** One of {@link dataCenterProducts}. */
export type DataCenterProduct = (typeof dataCenterProducts)[number];

/** A scope of a product, with the scopes that it includes. */
export interface DataCenterScope {
  readonly scope: string;
  /** Only those directly included; `impliedScopes` follows them. */
  readonly implies: readonly string[];
}

/** What is fixed for each product. */
export interface DataCenterFacts {
  /** The brand name, not translated. */
  readonly label: string;
  /** The first version that is an OAuth 2.0 provider. An older one responds with 404. */
  readonly firstVersion: string;
  /** Weakest first. An app never has more rights than its user. */
  readonly scopes: readonly DataCenterScope[];
  /** Requested unless the person chooses other scopes. */
  readonly defaultScope: string;
}

const jiraScopes: readonly DataCenterScope[] = [
  { scope: 'READ', implies: [] },
  { scope: 'WRITE', implies: ['READ'] },
  { scope: 'ADMIN', implies: ['WRITE'] },
  { scope: 'SYSTEM_ADMIN', implies: ['ADMIN'] },
];

const bitbucketScopes: readonly DataCenterScope[] = [
  { scope: 'PUBLIC_REPOS', implies: [] },
  { scope: 'ACCOUNT_WRITE', implies: ['PUBLIC_REPOS'] },
  { scope: 'REPO_READ', implies: ['PUBLIC_REPOS'] },
  { scope: 'REPO_WRITE', implies: ['REPO_READ'] },
  { scope: 'REPO_ADMIN', implies: ['REPO_WRITE'] },
  { scope: 'PROJECT_ADMIN', implies: ['REPO_ADMIN'] },
  { scope: 'ADMIN_WRITE', implies: ['PROJECT_ADMIN', 'ACCOUNT_WRITE'] },
  { scope: 'SYSTEM_ADMIN', implies: ['ADMIN_WRITE'] },
];

const bambooScopes: readonly DataCenterScope[] = [
  { scope: 'READ', implies: [] },
  { scope: 'TRIGGER', implies: ['READ'] },
  { scope: 'USER', implies: ['TRIGGER'] },
];

/**
 * The facts of each product.
 * @see Atlassian, "Configure an incoming link"; "OAuth 2.0 provider API"; "Bitbucket OAuth 2.0 provider API"
 */
export const dataCenterFacts: Readonly<Record<DataCenterProduct, DataCenterFacts>> = {
  jira: {
    label: 'Jira Data Center',
    firstVersion: '8.22',
    scopes: jiraScopes,
    defaultScope: 'READ',
  },
  confluence: {
    label: 'Confluence Data Center',
    firstVersion: '7.17',
    scopes: jiraScopes,
    defaultScope: 'READ',
  },
  bitbucket: {
    label: 'Bitbucket Data Center',
    firstVersion: '7.21',
    scopes: bitbucketScopes,
    defaultScope: 'REPO_READ',
  },
  bamboo: {
    label: 'Bamboo Data Center',
    firstVersion: '9.0',
    scopes: bambooScopes,
    defaultScope: 'READ',
  },
};

/** The given scopes and all that they include, weakest first; unknown scopes follow unchanged. */
export function impliedScopes(product: DataCenterProduct, scopes: readonly string[]): string[] {
  const rows = dataCenterFacts[product].scopes;
  const reached = new Set<string>();
  const reach = (scope: string): void => {
    if (reached.has(scope)) return;
    reached.add(scope);
    rows.find((row) => row.scope === scope)?.implies.forEach(reach);
  };
  scopes.forEach(reach);
  const known = rows.map(({ scope }) => scope);
  return [
    ...known.filter((scope) => reached.has(scope)),
    ...[...reached].filter((scope) => !known.includes(scope)),
  ];
}

/** The scopes to request in order to get the given ones: those that no other of them includes. */
export function minimalScopes(product: DataCenterProduct, scopes: readonly string[]): string[] {
  const wanted = [...new Set(scopes)];
  return wanted.filter(
    (scope) =>
      !wanted.some((other) => other !== scope && impliedScopes(product, [other]).includes(scope)),
  );
}
