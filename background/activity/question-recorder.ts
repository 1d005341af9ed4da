import type { ActivityResult, NewEntry } from '#core/activity/activity-entry.ts';
import type { Access, ChoiceScope } from '#core/grant/page-grant.ts';
import type { Product } from '#core/session/site.ts';
import { toFault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { ActivityLog } from './activity-log.ts';

interface Question {
  readonly origin: Origin;
  readonly kind: 'site' | 'access';
  readonly access: Access;
  /** Of a question for a site. */
  readonly scope?: ChoiceScope;
  readonly products?: readonly Product[];
}

/** The person's decision, or the error with which a question ended without one. */
type Ending = { readonly decision: { readonly allow: boolean } } | { readonly error: unknown };

/** Records questions that have ended in the log. */
export function questionRecorder(
  log: Pick<ActivityLog, 'record'>,
  { nowMs }: Pick<World, 'nowMs'>,
): (question: Question, ending: Ending, askedAtMs: number) => void {
  return (question, ending, askedAtMs) => {
    log.record(entryOf(question, ending, { askedAtMs, endedAtMs: nowMs() }));
  };
}

function entryOf(
  { origin, kind, access, scope, products }: Question,
  ending: Ending,
  { askedAtMs, endedAtMs }: { readonly askedAtMs: number; readonly endedAtMs: number },
): NewEntry {
  const about = scope === undefined ? products : [scope.product];
  return {
    kind: 'question',
    origin,
    atMs: askedAtMs,
    tookMs: Math.max(0, Math.round(endedAtMs - askedAtMs)),
    asked: kind,
    access,
    ...(about === undefined ? {} : { products: [...new Set(about)] }),
    ...outcomeOf(ending),
  };
}

function outcomeOf(ending: Ending): Pick<NewEntry, 'result' | 'code'> {
  if ('decision' in ending) return { result: ending.decision.allow ? 'ok' : 'refused' };
  const { code } = toFault(ending.error);
  // The page left or was disconnected.
  const isLeft = code === 'unavailable' || code === 'not_connected';
  const result: ActivityResult = isLeft ? 'aborted' : 'failed';
  return { result, code };
}
