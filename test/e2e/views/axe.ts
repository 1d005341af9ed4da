import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { PageUnderTest } from '../browser/browser-under-test.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Puts axe into the document, for {@link violationsIn}. */
export async function addAxe(page: PageUnderTest): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.run(source);
}

/**
 * What axe has to say against the document: of every impact, its best practices included.
 * @param rules the only rules to apply; absent for all
 */
export function violationsIn(page: PageUnderTest, rules?: readonly string[]): Promise<string[]> {
  return page.evaluate(runInPage, rules ?? null);
}

interface AxeScope {
  readonly axe: { run(context: Document, options: object): Promise<AxeResults> };
}

async function runInPage(rules: readonly string[] | null): Promise<string[]> {
  const { axe } = globalThis as unknown as AxeScope;
  const { violations } = await axe.run(document, {
    resultTypes: ['violations'],
    // It would load the style sheets again.
    preload: false,
    ...(rules === null ? {} : { runOnly: rules }),
  });
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.slice(0, 4).map(({ html }) => `${id} (${impact ?? ''}): ${help}: ${html.slice(0, 200)}`),
  );
}
