import type { ActivityEntry } from '#core/activity/activity-entry.ts';
import {
  parseOperationTable,
  type CloudCall,
  type Operation,
  type OperationTable,
} from '#core/operations/operation-table.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { requireUsable, type SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { PermitQuestion } from '#wire/api-call.ts';
import type { Permitted } from '#wire/page-api.ts';
import { refusalOf } from '#wire/refusal.ts';
import type { ActivityEntryView } from '#wire/views.ts';
import { permittedCall, type PermittedCall, type PlanDependencies } from '../calls/plan-call.ts';
import type { World } from '../platform/world.ts';
import { explainEntry, needsTable } from './explain-entry.ts';
import { lackOf, type Lack } from './lack.ts';

/** What a call would come to. */
export interface Foreseen {
  readonly permitted: Permitted;
  /** The planned call; undefined when a rule refuses it. */
  readonly call?: PermittedCall;
  /** Undefined when it is not known. */
  readonly operation?: Operation | undefined;
}

/** Answers what a call would come to, without sending a request and without asking the person. */
export interface Permits {
  /**
   * Whether `api.request` would send a call, as far as that can be said before: what is decided from grant, sessions and clients,
   * and whether the session has the scopes that Atlassian publishes for the operation.
   * @throws BrokerError `unavailable` and other faults that are no answer
   */
  can(origin: Origin, question: PermitQuestion): Promise<Permitted>;
  /** As {@link can}, with what the answer follows from. */
  foresee(origin: Origin, question: PermitQuestion): Promise<Foreseen>;
  /**
   * Adds to recorded calls what `can` would say of them: the rule, and the scopes that the session lacks now, if the
   * operation is known and the table of operations can be read.
   */
  explain(entries: readonly ActivityEntry[]): Promise<readonly ActivityEntryView[]>;
  /** The published operations that calls are; null for a call that is none of them. */
  operations(calls: readonly CloudCall[]): Promise<readonly (Operation | null)[]>;
}

interface Dependencies extends PlanDependencies {
  readonly world: Pick<World, 'packagedText'>;
}

export function createPermits({ world, ...dependencies }: Dependencies): Permits {
  let reading: Promise<OperationTable> | undefined;
  const readTable = async (): Promise<OperationTable> => {
    reading ??= world.packagedText('operations.txt').then(parseOperationTable);
    // A read that failed is repeated with the next question.
    return reading.catch((thrown: unknown) => {
      reading = undefined;
      throw thrown;
    });
  };
  const foresee: Permits['foresee'] = async (origin, question) => {
    const planned = answerWith(() => planNow(origin, question, dependencies));
    if ('ok' in planned) return { permitted: planned };
    if (planned.site.gateway === undefined) return { permitted: permitted(planned), call: planned };
    const table = await readTable();
    // The person may have changed the grant meanwhile.
    const call = answerWith(() => planNow(origin, question, dependencies));
    if ('ok' in call) return { permitted: call };
    const operation = table.find(cloudCall(call));
    return { permitted: lackOfCall(call, table) ?? permitted(call), call, operation };
  };
  return {
    can: async (origin, question) => (await foresee(origin, question)).permitted,
    foresee,
    explain: async (entries) => {
      const isNeeded = entries.some(needsTable);
      const table = isNeeded ? await readTable().catch(() => undefined) : undefined;
      const scopesOf = (id: SessionId) => dependencies.sessions.find(id)?.scopes;
      return entries.map((entry) => explainEntry(entry, { table, scopesOf }));
    },
    operations: async (calls) => {
      const table = await readTable();
      return calls.map((call) => table.find(call) ?? null);
    },
  };
}

/** @throws BrokerError as `api.request` does before it sends a call; `site_required` where it would ask the person */
function planNow(
  origin: Origin,
  question: PermitQuestion,
  dependencies: PlanDependencies,
): PermittedCall {
  const call = permittedCall(origin, { ...question, body: null, writtenBytes: 0 }, dependencies);
  requireUsable(call.basis.session);
  return call;
}

function answerWith(plan: () => PermittedCall): PermittedCall | Permitted {
  try {
    return plan();
  } catch (thrown) {
    return refusalOf(thrown);
  }
}

function permitted({ site }: PermittedCall): Permitted {
  return { ok: true, site: grantedSiteId(site), account: site.sessionId };
}

/** What Atlassian answers 401 to; undefined when it has no reason to, or the operation is not known. */
function lackOfCall(call: PermittedCall, table: OperationTable): Lack | undefined {
  return lackOf(cloudCall(call), call.basis.session.scopes, table);
}

function cloudCall({ site: { product }, method, path: { pathname } }: PermittedCall): CloudCall {
  return { product, method, pathname };
}
