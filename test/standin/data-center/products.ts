/** The products that are OAuth 2.0 providers, each under a context path of its own. */
export type DcProduct = 'bamboo' | 'bitbucket' | 'confluence' | 'jira';

/** What differs between the products. */
export interface ProductFacts {
  readonly title: string;
  /** Each scope and those it includes directly. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  /** The scope that a call which changes something needs when its route names none. */
  readonly writeScope: string;
  /** The X-AUSERNAME header of an anonymous response; null: no header. */
  readonly anonymousName: string | null;
}

// "Jira OAuth 2.0 provider API" and "OAuth 2.0 scopes for incoming links": each includes the one before it.
const LADDER = { READ: [], WRITE: ['READ'], ADMIN: ['WRITE'], SYSTEM_ADMIN: ['ADMIN'] };

export const PRODUCTS: Readonly<Record<DcProduct, ProductFacts>> = {
  jira: { title: 'Jira', scopes: LADDER, writeScope: 'WRITE', anonymousName: 'anonymous' },
  confluence: { title: 'Confluence', scopes: LADDER, writeScope: 'WRITE', anonymousName: null },
  bitbucket: {
    title: 'Bitbucket',
    // "Bitbucket OAuth 2.0 provider API".
    scopes: {
      PUBLIC_REPOS: [],
      ACCOUNT_WRITE: ['PUBLIC_REPOS'],
      REPO_READ: ['PUBLIC_REPOS'],
      REPO_WRITE: ['REPO_READ'],
      REPO_ADMIN: ['REPO_WRITE'],
      PROJECT_ADMIN: ['REPO_ADMIN'],
      ADMIN_WRITE: ['PROJECT_ADMIN', 'ACCOUNT_WRITE'],
      SYSTEM_ADMIN: ['ADMIN_WRITE'],
    },
    writeScope: 'REPO_WRITE',
    anonymousName: null,
  },
  // "Bamboo OAuth 2.0 provider API".
  bamboo: {
    title: 'Bamboo',
    scopes: { READ: [], TRIGGER: ['READ'], USER: ['TRIGGER'] },
    writeScope: 'USER',
    anonymousName: null,
  },
};

/** A scope and all that it includes, directly or not. */
export function withIncluded(product: DcProduct, scopes: readonly string[]): Set<string> {
  const table = PRODUCTS[product].scopes;
  const found = new Set<string>();
  const visit = (scope: string) => {
    if (found.has(scope)) return;
    found.add(scope);
    table[scope]?.forEach(visit);
  };
  scopes.forEach(visit);
  return found;
}
