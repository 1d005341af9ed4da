import ts from 'typescript';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { blankDraft } from '../../extension/core/client/client-configuration.ts';
import { fault, isFaultCode, ownPageFaultCodes } from '../../extension/core/values/fault.ts';
import { pageFaultCodes } from '../../extension/core/values/page-fault.ts';
import { chunkBytes } from '../../extension/wire/api-call.ts';
import { commands, type CommandName } from '../../extension/wire/commands.ts';
import { sourceText } from './imports.ts';
import { codeSpans, tableRows } from './markdown.ts';

const file = 'docs/messages.md';
const names = Object.keys(commands) as CommandName[];
const sections = {
  ui: '## For popup and options',
  'page,external': '## For connected pages',
} as const;

interface Documented {
  readonly callers: string;
  readonly request: string;
  readonly reply: string;
  readonly codes: string;
}

const documented = new Map(
  Object.entries(sections).flatMap(([callers, heading]) =>
    tableRows(file, heading).map(
      ([name = '', request = '', reply = '', codes = '']) =>
        [codeSpans(name)[0] ?? '', { callers, request, reply, codes }] as const satisfies [
          string,
          Documented,
        ],
    ),
  ),
);

/** The doc comment of each command in the table. */
const comments = commentsOf('extension/wire/commands.ts');

function commentsOf(table: string): ReadonlyMap<string, string> {
  const source = ts.createSourceFile(table, sourceText(table), ts.ScriptTarget.Latest, true);
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) {
      const [comment] = ts.getJSDocCommentsAndTags(node);
      if (comment) found.set(node.name.text, comment.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The codes in a text, and in the texts of the commands that it refers to by “as `name`”. */
function codesIn(text: string, textOf: (name: string) => string): string[] {
  const others = [...text.matchAll(/\bas `([a-z.-]+)`/giu)].map(([, name = '']) => name);
  return [
    ...codeSpans(text).filter(isFaultCode),
    ...(/every code for pages|`pageFaultCodes`/u.test(text) ? pageFaultCodes : []),
    ...others.flatMap((name) => codesIn(textOf(name), textOf)),
  ].toSorted();
}

/** The members of a request as documented: the code spans that begin an item. An optional one ends with `?`. */
function membersIn(text: string): string[] {
  const [, other = ''] = /^as `([a-z.-]+)`/u.exec(text) ?? [];
  const members = [...text.matchAll(/(?:^|, )`([a-z]\w*\??)`/giu)].map(([, name = '']) => name);
  return [...(other === '' ? [] : membersIn(rowOf(other).request)), ...members];
}

function rowOf(name: string): Documented {
  const row = documented.get(name);
  if (row === undefined) throw new Error(`${file} has no row for ${name}`);
  return row;
}

/** The members of a command's request. An optional one ends with `?`. */
function membersOf(name: CommandName): string[] {
  const { entries } = commands[name].request as unknown as { entries: Record<string, Schema> };
  return Object.entries(entries).map(([member, { type }]) =>
    type.includes('optional') ? `${member}?` : member,
  );
}
type Schema = Pick<v.GenericSchema, 'type'>;

test.each(names)(
  '%s is listed with its callers, the members of its request and its codes',
  (name) => {
    const { callers, request, codes } = rowOf(name);
    expect({
      callers,
      members: membersIn(request),
      codes: codesIn(codes, (other) => rowOf(other).codes),
    }).toEqual({
      callers: commands[name].callers.join(),
      members: membersOf(name),
      codes: codesIn(comments.get(name) ?? '', (other) => comments.get(other) ?? ''),
    });
  },
);

test('lists no command that does not exist', () => {
  expect([...documented.keys()].toSorted()).toEqual(names.toSorted());
});

test('names every fault code, or docs/page-api.md does', () => {
  const text = [file, 'docs/page-api.md'].map(sourceText).join('');
  const spans = new Set(codeSpans(text));
  expect([...pageFaultCodes, ...ownPageFaultCodes].filter((code) => !spans.has(code))).toEqual([]);
});

test('names types of the product', () => {
  const views = [
    'wire/views',
    'wire/about-view',
    'wire/list-views',
    'wire/api-call',
    'wire/about-view',
    'wire/console',
    'wire/page-api',
    'core/client/client-configuration',
    'core/provider/provider-type',
    'core/protocol/discovery-result',
    'core/transfer/transfer-preview',
  ];
  const declared = views.map((one) => sourceText(`extension/${one}.ts`)).join('');
  const types = codeSpans(sourceText(file)).flatMap((span) => /^[A-Z]\w+/u.exec(span) ?? []);
  const isDeclared = (type: string): boolean =>
    new RegExp(`(?:interface|type) ${type}\\b`, 'u').test(declared);
  expect(types.filter((type) => !isDeclared(type))).toEqual([]);
});

test('states how much can be imported, and how much one message carries', () => {
  const clients = (count: number) => ({
    clients: Array.from({ length: count }, () => blankDraft('generic')),
  });
  const [, count = ''] = /up to (\d+) clients/u.exec(rowOf('client.import').request) ?? [];
  const isFit = (length: number): boolean =>
    v.is(commands['client.import'].request, clients(length));
  expect([isFit(Number(count)), isFit(Number(count) + 1)]).toEqual([true, false]);
  for (const name of ['api.write', 'api.request'])
    expect(rowOf(name).request).toContain(`up to ${String(chunkBytes / 2 ** 20)} MiB`);
});

test('docs/data-center-client.md shows a fault as it is, and names commands that exist', () => {
  const text = sourceText('docs/data-center-client.md');
  expect(text).toContain(
    JSON.stringify(
      { ok: false, fault: fault('not_found', { subject: 'client' }) },
      null,
      1,
    ).replaceAll(/\n */gu, ' '),
  );
  const named = codeSpans(text).filter((span) => /^(?:client|flow|session)\.[a-z-]+$/u.test(span));
  expect(named.filter((name) => !(name in commands))).toEqual([]);
});
