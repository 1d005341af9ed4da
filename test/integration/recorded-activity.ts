import type { RequestOf } from '../../extension/wire/commands.ts';
import type { ActivityEntryView } from '../../extension/wire/views.ts';
import { type aCall, codeOf, fetchAll, settled, whileTimePasses } from '../support/page-calls.ts';
import { harness } from './use-session.ts';

/** The entries, the latest first. */
export const listed = async (
  wanted: RequestOf<'activity.list'> = {},
): Promise<readonly ActivityEntryView[]> =>
  (await harness.ui('activity.list', { limit: 1000, ...wanted })).entries;
/** The counts of days. */
export const days = async () => (await harness.ui('activity.list', {})).days;
/** Lets the log write what it has. */
export const written = async (): Promise<void> => {
  harness.world.elapse(1000);
  await settled();
};
/** Makes a call; resolves to its status, or to the code of the fault. */
export const call = (changes: Parameters<typeof aCall>[0]): Promise<number | string> =>
  whileTimePasses(harness.world, codeOf(fetchAll(harness.page(), changes)));
