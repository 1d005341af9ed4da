import { siteRequired, type SiteChoice } from '#core/address/call-address.ts';
import { choiceKey, grantedSiteId, type Access } from '#core/grant/page-grant.ts';
import { proposedPaths, requestedPaths } from '#core/grant/requested-paths.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Product } from '#wire/page-api.ts';
import type { Connection } from './connection.ts';
import type { TestConnection, TestDecision, TestOptions, TestQuestion, TestSite } from './types.ts';

/** The person, who is asked by the page and by calls that fit several sites. */
export interface Person {
  readonly questions: readonly TestQuestion[];
  /** @throws BrokerError `site_required`, `not_connected` */
  chooseSite(choice: SiteChoice): Promise<void>;
  /** @throws BrokerError `not_allowed`, `invalid_request`, `not_connected` */
  requestAccess(wanted: {
    readonly access?: Access | undefined;
    readonly products?: readonly Product[] | undefined;
    /** As the page sent it. */
    readonly paths?: unknown;
  }): Promise<void>;
  /** After the person changed the connection: earlier denials do not count any more. */
  forgetDenials(): void;
}

/** After so many denials no question is asked. */
const maxDenials = 3;

/** @param granted - the sites of the connection, as they were given */
export function createPerson(
  connection: Connection,
  granted: { sites: readonly TestSite[] },
  decide: NonNullable<TestOptions['decide']>,
): Person {
  const questions: TestQuestion[] = [];
  const denied = new Set<string>();
  const open = new Map<string, Promise<TestDecision>>();
  let turn: Promise<unknown> = Promise.resolve();
  let denials = 0;
  let end = Promise.withResolvers<false>();
  connection.onEvent((event) => {
    if (event !== 'ended') return;
    end.resolve(false);
    end = Promise.withResolvers();
  });
  const decided = async (key: string, question: TestQuestion): Promise<TestDecision> => {
    if (!connection.isConnected() || denials >= maxDenials) return false;
    questions.push(question);
    const decision = await Promise.race([decide(question), end.promise]);
    if (decision === false && connection.isConnected()) {
      denied.add(key);
      denials += 1;
    }
    return decision;
  };
  /** The same question is asked once, and one after the other. */
  const ask = async (key: string, question: TestQuestion): Promise<TestDecision> => {
    if (denied.has(key)) return false;
    const same = open.get(key);
    if (same !== undefined) return same;
    const one = turn.then(() => decided(key, question)).finally(() => open.delete(key));
    turn = one.catch(() => undefined);
    open.set(key, one);
    const decision = await one;
    connection.grant();
    return decision;
  };
  return {
    questions,
    chooseSite: async ({ scope, candidates }) => {
      const ids = candidates.map(grantedSiteId);
      const sites = connection.sites().filter(({ id }) => ids.includes(id));
      const decision = await ask(`site ${choiceKey(scope)}`, { kind: 'site', sites });
      connection.grant();
      const at = typeof decision === 'string' ? ids.indexOf(decision) : 0;
      const chosen = decision === false ? undefined : candidates[at];
      if (chosen === undefined) throw siteRequired(candidates);
      const { cloudId, product, sessionId } = chosen;
      connection.choose({ [choiceKey(scope)]: { cloudId, product, sessionId } });
    },
    requestAccess: async ({ access = 'read', products, paths: named }) => {
      const before = connection.grant();
      const wanted = before.access === 'write' ? 'write' : access;
      const paths = named === undefined ? undefined : requestedPaths(named);
      const proposed = proposedPaths(paths, before.paths);
      const question: TestQuestion = {
        kind: 'access',
        access: wanted,
        ...(products === undefined ? {} : { products }),
        ...(paths === undefined ? {} : { paths }),
      };
      const key = JSON.stringify([wanted, products && [...new Set(products)].sort(), paths]);
      const decision = await ask(`access ${key}`, question);
      connection.grant();
      if (decision === false) throw new BrokerError('not_allowed');
      const asked: TestConnection = {
        sites: granted.sites,
        access: wanted,
        ...(proposed === undefined ? {} : { paths: proposed }),
      };
      const next = typeof decision === 'object' ? { ...asked, ...decision } : asked;
      granted.sites = next.sites;
      connection.set(next);
    },
    forgetDenials: () => {
      denied.clear();
      denials = 0;
    },
  };
}
