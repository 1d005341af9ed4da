import { keys } from '#storage/schema.ts';
import type { StoredAmount } from '#wire/about-view.ts';

/** What the keys of each kind begin with. A key ends there, or goes on after a colon. */
const kinds = [
  keys.schema,
  keys.settings,
  'client',
  'session',
  'grant',
  'damaged',
  keys.restored,
  keys.removed,
  'denials',
  keys.browserSession,
  'access',
  keys.flow,
  keys.outcome,
  keys.pendingSignIn,
  'pending-grant',
  keys.connectOutcome,
  'refusals',
  keys.upkeep,
  keys.avatars,
  keys.quota,
  keys.popup,
  'activity',
  keys.activityCounts,
  keys.activityDays,
  keys.activityUses,
] as const;

/** How much a storage area holds of each kind, the most first. The names of entries are not part of it. */
export function amountsOf(area: Readonly<Record<string, unknown>>): StoredAmount[] {
  const amounts = new Map<string, { entries: number; bytes: number }>();
  const encoder = new TextEncoder();
  for (const [key, value] of Object.entries(area)) {
    const kind = kindOf(key);
    const amount = amounts.get(kind) ?? { entries: 0, bytes: 0 };
    amount.entries += 1;
    amount.bytes += encoder.encode(key + JSON.stringify(value)).length;
    amounts.set(kind, amount);
  }
  return [...amounts]
    .map(([kind, amount]) => ({ kind, ...amount }))
    .sort((one, other) => other.bytes - one.bytes);
}

function kindOf(key: string): string {
  return kinds.find((kind) => key === kind || key.startsWith(`${kind}:`)) ?? 'other';
}
