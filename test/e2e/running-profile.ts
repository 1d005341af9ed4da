import { cpSync } from 'node:fs';
import { whileStopped } from './stopped-group.ts';

/** Locks of the browser that runs: some are no files, and a copy of the others would lock the copy. */
const LOCKS = /\/(Singleton\w+|lock|\.parentlock)$/u;

/** Copies the profile of a browser that runs. A file that it replaces or removes meanwhile would tear the copy. */
export async function copyRunningProfile(
  groupId: number | undefined,
  from: string,
  to: string,
): Promise<void> {
  if (groupId === undefined) throw new Error('no browser runs whose profile could be copied');
  await whileStopped(groupId, () => {
    cpSync(from, to, { recursive: true, filter: (source) => !LOCKS.test(source) });
  });
}
