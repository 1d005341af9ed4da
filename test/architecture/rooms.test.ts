import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesOf } from './graph.ts';
import { importsOf, root, sources } from './imports.ts';
import { importableFrom, importProblem, roomOf } from './room-rules.ts';
import { mostFiles, rooms } from './room-table.ts';

const imports = sources.flatMap(importsOf);
const names = Object.keys(rooms);
const arrows = imports.flatMap(({ file, specifier, reached }) =>
  specifier.includes('?') ? [] : reached.map((to) => ({ file, to })),
);

/** The rooms that a room really imports. */
const importedBy = (room: string): Set<string | undefined> =>
  new Set(arrows.filter(({ file }) => roomOf(file) === room).map(({ to }) => roomOf(to)));

describe('rooms', () => {
  it('finds the imports it judges', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
  });

  it('has a row for the folder of every source file, and a file for every row', () => {
    expect(new Set(sources.map((file) => posix.dirname(file)))).toEqual(new Set(names));
  });

  it.each(names)('%s imports what its row allows, and no private file of another room', (room) => {
    const problems = imports
      .filter(({ file }) => roomOf(file) === room)
      .map(({ file, specifier }) => ({ file, problem: importProblem(file, specifier) }))
      .filter(({ problem }) => problem !== undefined);
    expect(problems).toEqual([]);
  });

  it.each(names)('%s imports rooms that stand above it in the table', (room) => {
    const below = importableFrom(room).filter(
      (other) => names.indexOf(other) >= names.indexOf(room),
    );
    expect(below).toEqual([]);
  });

  it.each(names)('%s is allowed no room that it does not import', (room) => {
    const imported = importedBy(room);
    const unused = (rooms[room]?.imports ?? []).filter((entry) =>
      entry.endsWith('/*')
        ? ![...imported].some((other) => `${other ?? ''}/`.startsWith(entry.slice(0, -1)))
        : !imported.has(entry),
    );
    expect(unused).toEqual([]);
  });

  it.each(names)('%s has a face of files that other rooms import', (room) => {
    const asked = arrows.filter(({ file, to }) => roomOf(to) === room && roomOf(file) !== room);
    const used = new Set(asked.map(({ to }) => posix.basename(to)));
    expect(rooms[room]?.face.filter((file) => !used.has(file))).toEqual([]);
  });

  it.each(names)(`%s has at most ${mostFiles} files`, (room) => {
    expect(sources.filter((file) => roomOf(file) === room).length).toBeLessThanOrEqual(mostFiles);
  });

  it('imports only files that exist, in both browsers', () => {
    expect(arrows.filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
  });

  it('has no circle of files, types included', () => {
    expect(circlesOf(arrows.map(({ file, to }) => [file, to] as const))).toEqual([]);
  });

  it('lets only the token handler refresh', () => {
    const importersOf = (file: string): Set<string> =>
      new Set(arrows.filter(({ to }) => to === file).map((arrow) => arrow.file));
    const service = 'background/tokens/token-service.ts';
    const refresher = 'background/tokens/refresher.ts';
    expect(importersOf(service)).toEqual(new Set(['background/accounts.ts', refresher]));
    expect(importersOf(refresher)).toEqual(new Set(['background/tokens/token-handler.ts']));
  });
});
