import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import english from '../../extension/public/_locales/en/messages.json' with { type: 'json' };
import manifest from '../../manifest.json' with { type: 'json' };
import { locales, textsOf, translations } from '../locales/locale-texts.ts';
import { root, sourceText } from './imports.ts';
import { codeSpans, sectionOf, tableRows } from './markdown.ts';

const listing = 'docs/store/listing.md';
const privacy = 'docs/store/privacy.md';

const firstCells = (heading: string): string[] =>
  tableRows(privacy, heading).flatMap(([cell = '']) => codeSpans(cell));

it('justifies each permission and each host of the manifest, and no other', () => {
  expect(firstCells('## Justification of each permission')).toEqual(manifest.permissions);
  expect(firstCells('## Justification of the hosts')).toEqual([
    ...manifest.host_permissions,
    ...manifest.optional_host_permissions,
  ]);
});

it('gives the same reason for changing headers as permissions.md', () => {
  const reasonIn = (file: string, heading: string): string | undefined =>
    tableRows(file, heading).find(([cell]) => cell?.includes('declarativeNetRequest'))?.[1];
  const reason = reasonIn(privacy, '## Justification of each permission');
  expect(reason).toContain('`User-Agent`');
  expect(reason).toBe(reasonIn('docs/permissions.md', '## Permissions'));
});

it('justifies within the 1,000 characters of a field', () => {
  const rows = ['## Justification of each permission', '## Justification of the hosts'].flatMap(
    (heading) => tableRows(privacy, heading),
  );
  for (const [name = '', text = ''] of rows) {
    expect(text.length, name).toBeGreaterThan(40);
    expect(text.length, name).toBeLessThanOrEqual(1000);
  }
});

it.each([
  ['## Notes for certification (Edge), Notes to reviewer (AMO)', 2000],
  ['## Test instructions (Chrome)', 500],
])('has notes for reviewers that fit the field: %s', (heading, limit) => {
  const { length } = sectionOf('docs/store/reviewers.md', heading).trim();
  expect(length).toBeGreaterThan(100);
  expect(length).toBeLessThanOrEqual(limit);
});

const listingIn = (locale: string): string =>
  locale === 'en' ? listing : `docs/store/listing.${locale}.md`;

it.each(locales)(
  'has the name and the summary of the manifest in %s, and a description',
  (locale) => {
    const texts = textsOf(locale);
    const file = listingIn(locale);
    expect(sectionOf(file, '## Name').trim()).toBe(texts['extension_name']?.message);
    expect(sectionOf(file, '## Summary').trim()).toBe(texts['extension_description']?.message);
    // What Edge takes, which takes the least.
    expect(sectionOf(file, '## Description').trim().length).toBeLessThanOrEqual(10_000);
  },
);

it.each(translations)('describes in %s what it does in English, point by point', (locale) => {
  const paragraphsOf = (file: string): number[] =>
    sectionOf(file, '## Description')
      .trim()
      .split('\n\n')
      .map((paragraph) => paragraph.split('\n').length);
  expect(paragraphsOf(listingIn(locale))).toEqual(paragraphsOf(listing));
  const notAffiliated = textsOf(locale)['not_affiliated']?.message;
  expect(sectionOf(listingIn(locale), '## Description')).toContain(notAffiliated);
});

it('says that Threelo is not affiliated with Atlassian wherever it introduces itself', () => {
  const introductions = [
    'README.md',
    'PRIVACY.md',
    'SECURITY.md',
    'docs/administrators.md',
    'extension/page-client/README.md',
    listing,
  ].map(sourceText);
  for (const text of [...introductions, english.not_affiliated.message])
    expect(text).toMatch(/not affiliated with\b.*\bAtlassian/iu);
});

const pictures: readonly (readonly [file: string, width: number, height: number])[] = [
  ['docs/store/1-connected.png', 1280, 800],
  ['docs/store/2-choose-sites.png', 1280, 800],
  ['docs/store/3-a-page-asks.png', 1280, 800],
  ['docs/store/4-connection.png', 1280, 800],
  ['docs/store/5-session.png', 1280, 800],
  ['docs/store/tile.png', 440, 280],
  ['docs/store/logo.png', 300, 300],
  ['extension/public/icons/128.png', 128, 128],
];
const trueColour = 2;

it.each(pictures)('%s is %i by %i pixels, and small', (file, width, height) => {
  const png = readFileSync(join(root, file));
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([width, height]);
  // The stores refuse transparent screenshots.
  if (width > 128) expect(png[25]).toBe(trueColour);
  expect(png.length).toBeLessThan(200_000);
});
