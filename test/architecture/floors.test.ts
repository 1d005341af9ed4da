import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floors } from './floor-table.ts';
import { floorOf, importsOf, root, sources, type Import } from './imports.ts';

const imports = sources.flatMap(importsOf);

/** Modules outside the floors: what turns them into a package, and the one file of facts that all may read. */
const beside = ['extension/manifest-for.ts'];
const facts = ['package.json', 'extension/public/_locales/en/messages.json'];
/** `?script` names a file to inject; nothing of it runs in the one that names it. */
const injecting = 'extension/browser/page-scripts.ts';

function mayReach({ file, specifier }: Import, reached: string): boolean {
  if (facts.includes(reached)) return true;
  if (file === injecting && specifier.endsWith('?script&iife')) return true;
  const from = floorOf(file);
  const to = floorOf(reached);
  if (from === undefined || to === undefined) return beside.includes(file) && to === undefined;
  return from === to || (floors[from]?.folders.includes(to) ?? false);
}

describe('floors', () => {
  it('finds the imports it judges', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
  });

  it('has a row for every source file', () => {
    const homeless = sources.filter((file) => floorOf(file) === undefined);
    expect(homeless.filter((file) => !beside.includes(file))).toEqual([]);
  });

  it('imports downward only', () => {
    const refused = imports.flatMap((one) =>
      one.reached.filter((reached) => !mayReach(one, reached)).map((to) => `${one.file} → ${to}`),
    );
    expect(refused).toEqual([]);
  });

  it('uses only the packages of its row', () => {
    const refused = imports
      .filter(({ reached }) => reached.length === 0)
      .filter(({ file, specifier }) => !floors[floorOf(file) ?? '']?.packages.includes(specifier));
    expect(refused.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  it('imports only files that exist, in both browsers', () => {
    const missing = imports
      .flatMap(({ file, reached }) => reached.map((to) => ({ file, to })))
      .filter(({ to }) => !existsSync(join(root, to)));
    expect(missing).toEqual([]);
  });

  it('lets nobody but the token handler refresh', () => {
    const users = imports
      .filter(({ reached }) => reached.includes('background/token-service.ts'))
      .map(({ file }) => file);
    expect(new Set(users)).toEqual(new Set(['background/compose.ts', 'background/refresher.ts']));
    const senders = imports
      .filter(({ reached }) => reached.includes('background/refresher.ts'))
      .map(({ file }) => file);
    expect(senders).toEqual(['background/token-handler.ts']);
  });

  it('has no cycle at run time', () => {
    expect(cycles()).toEqual([]);
  });
});

function cycles(): string[] {
  const next = new Map<string, string[]>();
  for (const { file, reached, specifier, isTypeOnly } of imports) {
    if (isTypeOnly || specifier.includes('?')) continue;
    next.set(file, [...(next.get(file) ?? []), ...reached]);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  return found;
}
