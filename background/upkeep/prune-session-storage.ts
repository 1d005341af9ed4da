import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import { keys, prefixes } from '../../extension/storage/schema.ts';
import { pendingGrantKind } from '../grants/pending-grants.ts';
import { isOutdatedRefusals } from '../grants/questions.ts';
import type { World } from '../platform/world.ts';
import { parseFlowRecord } from '../sign-in/flow-record.ts';
import { pendingSignInKind } from '../sign-in/pending-sign-in.ts';
import { isExpiredRequest } from '../storage/pending-requests.ts';

/** Longer than the exchange that may follow an answer given at the last moment, in milliseconds. */
const exchangeSlackMs = 5 * 60_000;

const pendingKinds = [pendingGrantKind, pendingSignInKind];

/**
 * Clears `storage.session` of what has passed its time: an attempt to sign in that nobody waits for any more,
 * with its window; grants and sign-ins that wait for a prompt; refusals that count no longer.
 */
export async function pruneMomentary(
  { session: area, windows }: Pick<World, 'session' | 'windows'>,
  nowMs: number,
): Promise<void> {
  const entries = Object.entries(await area.all());
  const outdated = entries.flatMap(([key, value]) =>
    pendingKinds.some((kind) => isExpiredRequest(kind, key, value, nowMs)) ||
    (key.startsWith(prefixes.refusals) && isOutdatedRefusals(value, nowMs))
      ? [key]
      : [],
  );
  if (outdated.length > 0) await area.remove(outdated);
  await pruneFlow(area, windows, nowMs);
}

async function pruneFlow(
  area: StorageArea,
  windows: World['windows'],
  nowMs: number,
): Promise<void> {
  const flow = parseFlowRecord(await area.read(keys.flow));
  if (flow === undefined || nowMs <= flow.deadlineAtMs + exchangeSlackMs) return;
  await area.remove([keys.flow]);
  if (flow.windowId !== undefined) await windows.close(flow.windowId);
}
