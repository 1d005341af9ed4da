import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { withDeadline } from './deadline.ts';

/** A child that leads its own process group, so that it can be ended together with everything it started. */
export interface OwnedProcess {
  readonly child: ChildProcess;
  /** Resolves when the child has ended, however it ended. */
  readonly ended: Promise<void>;
  /** Signals the whole group and waits until the child is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const groups = new Set<number>();
let guarded = false;

/** Starts `command` as leader of its own process group; the group is killed at the latest when this process ends. */
export function startOwned(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): OwnedProcess {
  guardGroups();
  const child = spawn(command, args, { ...options, detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  if (child.pid !== undefined) ownGroup(child.pid, ended);
  return { child, ended, end: (signal) => endGroup(child.pid, ended, signal, command) };
}

/** Puts a group that something else started (puppeteer, say) under the same guard. */
export function ownGroup(groupId: number, ended: Promise<unknown>): void {
  guardGroups();
  groups.add(groupId);
  void ended.then(() => groups.delete(groupId));
}

/** Signals a whole process group; a group that is gone already is no error. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endGroup(
  groupId: number | undefined,
  ended: Promise<void>,
  signal: NodeJS.Signals,
  command: string,
): Promise<void> {
  if (groupId === undefined) return;
  signalGroup(groupId, signal);
  await withDeadline(ended, `${command} to end after ${signal}`);
}

function guardGroups(): void {
  if (guarded) return;
  guarded = true;
  const killAll = (): void => {
    for (const groupId of groups) signalGroup(groupId, 'SIGKILL');
  };
  process.once('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      killAll();
      process.kill(process.pid, signal);
    });
  }
}
