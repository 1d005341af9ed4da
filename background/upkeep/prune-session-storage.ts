import type { StorageArea } from '#browser/storage/storage-area.ts';
import { keys, prefixes } from '#storage/schema.ts';
import { pendingGrantKind } from '../grants/pending-grants.ts';
import { isOutdatedRefusals } from '../grants/refusals.ts';
import type { World } from '../platform/world.ts';
import { parseFlowRecord } from '../sign-in/flow-record.ts';
import { pendingSignInKind } from '../sign-in/pending-sign-in.ts';
import { isExpiredRequest } from '../storage/pending-requests.ts';

/** Longer than a token exchange that begins right before the deadline of the sign-in, in milliseconds. */
const maxExchangeMs = 5 * 60_000;

const pendingKinds = [pendingGrantKind, pendingSignInKind];

/**
 * Removes expired entries of `storage.session`: a sign-in past its deadline, with its window; pending requests; records
 * of refused questions.
 */
export async function pruneSessionStorage(
  { session: area, windows }: Pick<World, 'session' | 'windows'>,
  nowMs: number,
): Promise<void> {
  const entries = Object.entries(await area.all());
  const expired = entries.flatMap(([key, value]) =>
    pendingKinds.some((kind) => isExpiredRequest(kind, key, value, nowMs)) ||
    (key.startsWith(prefixes.refusals) && isOutdatedRefusals(value, nowMs))
      ? [key]
      : [],
  );
  if (expired.length > 0) await area.remove(expired);
  await pruneFlow(area, windows, nowMs);
}

async function pruneFlow(
  area: StorageArea,
  windows: World['windows'],
  nowMs: number,
): Promise<void> {
  const flow = parseFlowRecord(await area.read(keys.flow));
  if (flow === undefined || nowMs <= flow.deadlineAtMs + maxExchangeMs) return;
  await area.remove([keys.flow]);
  if (flow.windowId !== undefined) await windows.close(flow.windowId);
}
