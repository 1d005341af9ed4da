import {
  loggedHost,
  loggedPath,
  loggedSiteUrl,
  loggedSubject,
  loggedWord,
  resultOfFault,
  type CallEntry,
} from '#core/activity/activity-entry.ts';
import type { CallPlan } from '#core/call/call-plan.ts';
import type { Retry } from '#core/call/response-decision.ts';
import { toFault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { ActivityLog } from './activity-log.ts';

type PlanNotes = Pick<CallPlan, 'site' | 'path' | 'method'>;

/** Notes for the entry of a call, taken while it runs. */
export interface CallNotes {
  /** It is permitted, and goes to this site. Replaces an earlier plan. */
  planned(plan: PlanNotes): void;
  /** It is sent again. */
  retried(act: Retry['act']): void;
  /** It is answered without being sent. */
  held(): void;
  /** The gateway answered that the session lacks a scope. */
  lacksScope(): void;
  /** The page aborted it or left. */
  aborted(): void;
}

/** Records calls. */
export interface CallRecorder {
  /** Runs a call, and records how it ended. Does not wait for the log. */
  recorded<Reply extends { readonly status: number }>(
    origin: Origin,
    requested: Requested,
    run: (notes: CallNotes) => Promise<Reply>,
  ): Promise<Reply>;
}

interface Requested {
  readonly method: string;
  readonly input: string;
}

interface Dependencies {
  readonly log: Pick<ActivityLog, 'record'>;
  /** Calls of an origin without a grant are not recorded: a page that is not connected causes no write. */
  readonly isConnected: (origin: Origin) => boolean;
  readonly world: Pick<World, 'nowMs'>;
}

export function createCallRecorder({ log, isConnected, world }: Dependencies): CallRecorder {
  return {
    recorded: async (origin, requested, run) => {
      const atMs = world.nowMs();
      const { notes, entryOf } = takeNotes(origin, requested, atMs);
      const isRecorded = isConnected(origin);
      const record = (ending: Ending): void => {
        if (isRecorded) log.record(entryOf(ending, world.nowMs()));
      };
      try {
        const reply = await run(notes);
        record({ status: reply.status });
        return reply;
      } catch (thrown) {
        record({ thrown });
        throw thrown;
      }
    },
  };
}

type Ending = { readonly status: number } | { readonly thrown: unknown };

interface TakenNotes {
  readonly notes: CallNotes;
  readonly entryOf: (ending: Ending, nowMs: number) => Omit<CallEntry, 'id'>;
}

function takeNotes(origin: Origin, requested: Requested, atMs: number): TakenNotes {
  const known: { plan?: PlanNotes; retries: number; isAborted: boolean } = {
    retries: 0,
    isAborted: false,
  };
  const flags: Pick<CallEntry, 'isRefreshed' | 'isHeld' | 'lacksScope'> = {};
  return {
    notes: {
      planned: (plan) => {
        known.plan = plan;
      },
      retried: (act) => {
        known.retries += 1;
        if (act === 'refresh-and-retry') flags.isRefreshed = true;
      },
      held: () => {
        flags.isHeld = true;
      },
      lacksScope: () => {
        flags.lacksScope = true;
      },
      aborted: () => {
        known.isAborted = true;
      },
    },
    entryOf: (ending, nowMs) => ({
      kind: 'call',
      origin,
      atMs,
      tookMs: Math.max(0, Math.round(nowMs - atMs)),
      ...addressOf(requested, known.plan),
      ...(known.retries > 0 ? { attempts: known.retries + 1 } : {}),
      ...flags,
      ...(known.isAborted ? { result: 'aborted' } : outcomeOf(ending, flags)),
    }),
  };
}

type AddressMembers = Pick<CallEntry, 'method' | 'path' | 'site' | 'otherHost'>;

function addressOf(requested: Requested, plan: PlanNotes | undefined): AddressMembers {
  if (plan !== undefined) {
    const { cloudId, product, sessionId, url } = plan.site;
    const site = { cloudId, product, sessionId, url: loggedSiteUrl(url) };
    return { method: plan.method, path: loggedPath(plan.path.pathname), site };
  }
  const { method, input } = requested;
  const otherHost = loggedHost(input);
  const named = { method: loggedWord(method), path: loggedPath(input) };
  return { ...named, ...(otherHost === undefined ? {} : { otherHost }) };
}

function outcomeOf(
  ending: Ending,
  { isHeld }: Pick<CallEntry, 'isHeld'>,
): Pick<CallEntry, 'result' | 'status' | 'code' | 'subject'> {
  if ('status' in ending) {
    const { status } = ending;
    if (isHeld === true) return { result: 'refused', status };
    return { result: status < 400 ? 'ok' : 'failed', status };
  }
  const { code, subject } = toFault(ending.thrown);
  const named = subject === undefined ? {} : { subject: loggedSubject(subject) };
  return { result: resultOfFault(code), code, ...named };
}
