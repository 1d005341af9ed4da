/** The npm package of the page client, as it would be published. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import type { Access } from '../../extension/core/grant/page-grant.ts';
import type { Product } from '../../extension/core/session/site.ts';
import type { PageFaultCode } from '../../extension/core/values/page-fault.ts';
import type * as published from '../../extension/wire/page-api.ts';
import { pageClientFolder } from '../tools/package-graph.ts';
import { runStep } from '../tools/step.ts';
import { sourceText } from './imports.ts';

/** A project that has installed the package. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'threelo-consumer-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(pageClientFolder, join(project, 'node_modules/threelo'));
});
afterAll(() => {
  rmSync(project, { recursive: true });
});

test('has exactly these files', async () => {
  const { output } = await runStep({
    name: 'npm pack',
    command: 'npm',
    args: ['pack', pageClientFolder, '--dry-run', '--json', '--offline', '--ignore-scripts'],
  });
  const [packed] = JSON.parse(output.slice(output.indexOf('['))) as {
    name: string;
    version: string;
    files: { path: string }[];
  }[];
  const { version } = JSON.parse(sourceText('package.json')) as { version: string };
  expect(packed).toMatchObject({ name: 'threelo', version });
  const entries = ['index', 'testing'].flatMap((name) => [`${name}.d.ts`, `${name}.js`]);
  const files = ['LICENSE', 'README.md', 'package.json', ...entries].toSorted();
  expect(packed?.files.map(({ path }) => path).toSorted()).toEqual(files);
});

test('can be imported by its name, on a server too', async () => {
  writeFileSync(
    join(project, 'consumer.mjs'),
    `import * as client from 'threelo';
     import { createThreelo } from 'threelo/testing';
     const failure = await client.connect({ timeoutMs: 0 }).catch(({ code }) => code);
     const sites = [{ url: 'https://acme.atlassian.net' }];
     const double = createThreelo({ sites, answer: ({ url }) => Response.json(url) });
     double.install();
     const threelo = await client.connect();
     const url = await (await threelo.fetch(new Request(sites[0].url + '/rest/api/3/myself'))).json();
     console.log(JSON.stringify([Object.keys(client), failure, url]));`,
  );
  const { output } = await runStep({
    name: 'consumer',
    command: 'node',
    args: [join(project, 'consumer.mjs')],
  });
  const url = 'https://acme.atlassian.net/rest/api/3/myself';
  expect(JSON.parse(output)).toEqual([['connect', 'route'], 'not_connected', url]);
});

test('has types that need nothing but those of the browser', () => {
  const consumer = join(project, 'consumer.mts');
  writeFileSync(
    consumer,
    `import { connect, route, type PageSite, type Threelo } from 'threelo';
     import { createThreelo, type TestThreelo } from 'threelo/testing';
     const threelo: Threelo = await connect({ timeoutMs: 1, signal: new AbortController().signal });
     const sites: readonly PageSite[] = await threelo.sites();
     await threelo.fetch('/rest/api/3/myself', { site: sites[0]!.id, method: 'GET' });
     globalThis.fetch = route(globalThis.fetch);
     window.threelo.addEventListener('change', () => undefined);
     const double: TestThreelo = createThreelo({
       sites: [{ url: 'https://acme.atlassian.net', product: 'jira' }],
       answer: async (request, { site }) => Response.json([await request.text(), site.id]),
       decide: ({ kind }) => kind === 'access' && { access: 'write' },
     });
     double.install(window)();
     // @ts-expect-error There is no such access.
     await threelo.requestAccess({ access: 'all' });`,
  );
  const program = ts.createProgram([consumer], {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
    skipDefaultLibCheck: true,
    noEmit: true,
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
    file: file?.fileName,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  expect(problems).toEqual([]);
});

test('has nothing of the extension but types', () => {
  const script = readFileSync(join(pageClientFolder, 'index.js'), 'utf8');
  expect(script).not.toMatch(
    /\bimport\b|threelo:(?:shim|content|port)|postMessage|chrome|browser/u,
  );
  expect(script).toMatch(/threelo:ready/u);
});

test('has the types that the extension has', () => {
  expectTypeOf<published.ThreeloErrorCode>().toEqualTypeOf<PageFaultCode>();
  expectTypeOf<published.Product>().toEqualTypeOf<Product>();
  expectTypeOf<published.Access>().toEqualTypeOf<Access>();
  expect(sourceText('extension/wire/page-api.ts')).not.toMatch(/^import /mu);
});
