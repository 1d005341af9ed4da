import * as v from 'valibot';
import { keys } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';

const IdSchema = v.pipe(v.string(), v.uuid());

/**
 * The id of the browser session: in `storage.session`, which outlives the worker, and is cleared when the browser closes and when
 * the extension is updated, reloaded or disabled. If it cannot be stored, the grants that name it end with the worker.
 */
export async function readBrowserSession({
  session,
  crypto,
}: Pick<World, 'session' | 'crypto'>): Promise<string> {
  const stored = await session.read(keys.browserSession).catch(() => undefined);
  if (v.is(IdSchema, stored)) return stored;
  const id = crypto.randomUUID();
  await session.write({ [keys.browserSession]: id }).catch(() => undefined);
  return id;
}
