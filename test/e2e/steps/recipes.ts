/** The files of `docs/page-authors.md`, served as an author of pages would. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Standin } from '../../standin/standin.ts';
import type { PageUnderTest } from '../browser/browser-under-test.ts';
import { withDeadline } from '../machine/deadline.ts';

/** The page client, as it is published. */
const pageClient = resolve(import.meta.dirname, '../../../dist/page-client/index.js');
const script = { 'content-type': 'text/javascript' };

declare global {
  interface Window {
    /** The module of {@link serveModule}. */
    recipe: Promise<Readonly<Record<string, unknown>>>;
  }
}

/** The text of a file in `recipes/`. */
export function recipe(name: string): string {
  return readFileSync(resolve(import.meta.dirname, '../recipes', name), 'utf8');
}

/** Serves a page of `recipes/` at a host, with the page client beside it; returns its address. */
export function servePage({ pages }: Standin, host: string, name: string): string {
  pages.set(host, '/', { headers: { 'content-type': 'text/html' }, body: recipe(name) });
  pages.set(host, '/threelo.js', { headers: script, body: readFileSync(pageClient, 'utf8') });
  return `https://${host}/`;
}

/** Serves a page at a host that imports a module of `recipes/`, with an import map for the page client; returns its address. */
export function serveModule({ pages }: Standin, host: string, name: string): string {
  const body = `<!doctype html><title>${name}</title>
<script type="importmap">{ "imports": { "threelo": "/threelo.js" } }</script>
<script>window.recipe = import('/${name}');</script>`;
  pages.set(host, '/threelo.js', { headers: script, body: readFileSync(pageClient, 'utf8') });
  pages.set(host, `/${name}`, { headers: script, body: recipe(name) });
  pages.set(host, '/module', { headers: { 'content-type': 'text/html' }, body });
  return `https://${host}/module`;
}

/** What the module of the page exports under a name. */
export function exported(page: PageUnderTest, name: string): Promise<unknown> {
  const value = page.evaluate(async (key) => (await window.recipe)[key], name);
  return withDeadline(value, `the module to export ${name}`);
}
