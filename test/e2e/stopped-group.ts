import { readdirSync, readFileSync } from 'node:fs';
import { pollUntil } from './deadline.ts';
import { signalGroup } from './owned-process.ts';

/** Holds every process of a group still while `look` looks at what they write, as it would lie there after a crash. */
export async function whileStopped<T>(groupId: number, look: () => T): Promise<T> {
  signalGroup(groupId, 'SIGSTOP');
  try {
    await pollUntil(
      () => Promise.resolve(isStill(groupId) ? true : undefined),
      `every process of the group ${String(groupId)} to stop`,
    );
    return look();
  } finally {
    signalGroup(groupId, 'SIGCONT');
  }
}

/** Stopped, traced, or dead: nothing that could write. */
const STILL = new Set(['T', 't', 'Z', 'X']);

function isStill(groupId: number): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && statOf(`/proc/${name}`)?.groupId === groupId)
    .flatMap((name) => threadsOf(`/proc/${name}`))
    .every((thread) => STILL.has(statOf(thread)?.state ?? 'X'));
}

function threadsOf(process: string): string[] {
  try {
    return readdirSync(`${process}/task`).map((id) => `${process}/task/${id}`);
  } catch {
    return []; // it ended meanwhile
  }
}

/** State and process group of a process or thread (proc(5), `/proc/pid/stat`); undefined once it ended. */
function statOf(directory: string): { state: string; groupId: number } | undefined {
  try {
    const stat = readFileSync(`${directory}/stat`, 'utf8');
    // The name before these may contain anything, brackets too.
    const [state = '', , groupId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, groupId: Number(groupId) };
  } catch {
    return undefined;
  }
}
