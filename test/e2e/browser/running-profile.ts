import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Locks of the browser that runs: a copy of them would lock the copy. */
const LOCKS = /^(Singleton\w+|lock|\.parentlock)$/u;

/** Copies the profile of a browser that runs, as it lies there. The browser removes files meanwhile: those are left out. */
export async function copyRunningProfile(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await listed(from)) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyRunningProfile(source, target);
    else if (entry.isFile() && !LOCKS.test(entry.name))
      await copyFile(source, target).catch(unlessGone);
  }
}

async function listed(directory: string) {
  return (await readdir(directory, { withFileTypes: true }).catch(unlessGone)) ?? [];
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
