import { COMMERCIAL_CLOUD, type CloudHosts, type CloudIds } from './hosts.ts';

/** A product of a site. */
export type Product = 'jira' | 'confluence';

/** One Atlassian Cloud site; tests may change it while the server runs. */
export interface Site {
  readonly cloudId: string;
  name: string;
  host: string;
  url: string;
  products: Product[];
}

/** One Atlassian account; tests may change it while the server runs. */
export interface Account {
  readonly accountId: string;
  /** Short name for tests: `standin.accounts.get('ada')`. */
  readonly nickname: string;
  name: string;
  email: string;
  /** Cloud ids of the sites this account can use; may be empty. */
  sites: string[];
}

/** The accounts, found by account id or nickname. */
export interface Accounts {
  readonly all: Account[];
  /** @throws Error when there is no such account */
  get(idOrNickname: string): Account;
  find(idOrNickname: string): Account | undefined;
}

export const [ACME_CLOUD_ID, GLOBEX_CLOUD_ID] = COMMERCIAL_CLOUD.cloudIds;
const ADA_ACCOUNT_ID = '712020:ada00000-0000-4000-8000-000000000001';
const BO_ACCOUNT_ID = '712020:b0000000-0000-4000-8000-000000000002';

/** Two fresh sites. */
export function makeSites({ sites, cloudIds }: CloudHosts): Site[] {
  return [aSite(sites[0], cloudIds[0], 'Acme'), aSite(sites[1], cloudIds[1], 'Globex')];
}

/** Two fresh accounts: Ada can use both sites, Bo only Globex. */
export function makeAccounts([acme, globex]: CloudIds): Accounts {
  const all: Account[] = [
    {
      accountId: ADA_ACCOUNT_ID,
      nickname: 'ada',
      name: 'Ada Example',
      email: 'ada@threelo.test',
      sites: [acme, globex],
    },
    {
      accountId: BO_ACCOUNT_ID,
      nickname: 'bo',
      name: 'Bo Example',
      email: 'bo@threelo.test',
      sites: [globex],
    },
  ];
  const find = (key: string) =>
    all.find((account) => [account.accountId, account.nickname].includes(key));
  return {
    all,
    find,
    get: (key) => {
      const account = find(key);
      if (account === undefined) throw new Error(`No account ${key}`);
      return account;
    },
  };
}

/** Adds accounts `person-01`, `person-02`, … each with Jira sites of its own, which no other account can use. */
export function addPeople(
  { accounts, sites }: { readonly accounts: Accounts; readonly sites: Site[] },
  count: number,
  sitesEach = 1,
): Account[] {
  const people = Array.from({ length: count }, (_, at): Account => {
    const number = String(at + 1).padStart(2, '0');
    const label = `person-${number}`;
    const own = Array.from({ length: sitesEach }, (_site, index): Site => {
      const suffix = index === 0 ? '' : `-${String(index + 1)}`;
      const last = number.padStart(8, '0') + String(index).padStart(4, '0');
      const cloudId = `99aabbcc-d1e2-4f33-8a44-${last}`;
      const site = aSite(`${label}${suffix}`, cloudId, `Site ${number}${suffix}`);
      return { ...site, products: ['jira'] };
    });
    sites.push(...own);
    return {
      accountId: `712020:${number.padStart(8, '0')}-0000-4000-8000-000000000003`,
      nickname: label,
      name: `Person ${number}`,
      email: `${label}@threelo.test`,
      sites: own.map(({ cloudId }) => cloudId),
    };
  });
  accounts.all.push(...people);
  return people;
}

/** The scopes that belong to a product, recognized by their names as the 3LO pages list them. */
export function scopesOf(product: Product, scopes: readonly string[]): string[] {
  return scopes.filter((scope) => productOfScope(scope) === product);
}

function productOfScope(scope: string): Product | undefined {
  if (/confluence/.test(scope)) return 'confluence';
  return /jira|servicedesk|servicemanagement/.test(scope) ? 'jira' : undefined;
}

function aSite(host: string, cloudId: string, name: string): Site {
  return { cloudId, name, host, url: `https://${host}`, products: ['jira', 'confluence'] };
}
