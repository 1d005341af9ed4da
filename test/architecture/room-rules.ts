import { posix } from 'node:path';
import { rooms } from './room-table.ts';

/** Files outside the rooms that every room may import: facts as JSON. */
const facts = ['package.json', 'extension/public/_locales/en/messages.json'];

/** Names the scripts of pages as files to inject (`?script`), and runs nothing of them. */
const injecting = 'extension/browser/pages/page-scripts.ts';

/** The row of the room table that a file belongs to; undefined for a file outside the rooms. */
export function roomOf(file: string): string | undefined {
  const folder = posix.dirname(file);
  return Object.hasOwn(rooms, folder) ? folder : undefined;
}

/** The floors that have a name of their own in imports: `#core/` is `extension/core/` (`imports` of package.json). */
const named = /^#(core|wire|storage|oauth|browser|ui)\//u;

/** The files that an import specifier reaches; none for a package. `#target/` reaches one file for each browser. */
export function reachedBy(file: string, specifier: string): string[] {
  const path = specifier.replace(/\?.*$/u, '');
  if (path.startsWith('.')) return [posix.join(posix.dirname(file), path)];
  if (named.test(path)) return [path.replace('#', 'extension/')];
  if (!path.startsWith('#target/')) return [];
  return ['chrome', 'firefox'].map((name) => path.replace('#target', `extension/browser/${name}`));
}

/** The rooms that a room may import. */
export function importableFrom(room: string): readonly string[] {
  const names = Object.keys(rooms);
  return (rooms[room]?.imports ?? []).flatMap((entry) => {
    if (!entry.endsWith('/*')) return [entry];
    const floor = entry.slice(0, -2);
    return names.filter((name) => name === floor || name.startsWith(`${floor}/`));
  });
}

/** Why a product file may not import a specifier; undefined when it may. Paths are relative to the root. */
export function importProblem(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `${posix.dirname(file)} is not in the room table.`;
  const reached = reachedBy(file, specifier);
  if (reached.length === 0) {
    const isListed = rooms[room]?.packages?.includes(specifier) ?? false;
    return isListed ? undefined : `${room} may not use the package ${specifier}.`;
  }
  if (file === injecting && specifier.endsWith('?script&iife')) return undefined;
  for (const to of reached) {
    const problem = facts.includes(to) ? undefined : reachProblem(room, to);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function reachProblem(room: string, to: string): string | undefined {
  const target = roomOf(to);
  if (target === room) return undefined;
  if (target === undefined) return `${to} is in no room.`;
  if (!importableFrom(room).includes(target)) return `${room} may not import ${target}.`;
  const isFace = rooms[target]?.face.includes(posix.basename(to)) ?? false;
  return isFace ? undefined : `${posix.basename(to)} is private to ${target}.`;
}
