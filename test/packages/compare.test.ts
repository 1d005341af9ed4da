import { describe, expect, it } from 'vitest';
import { differencesOf } from './compare.ts';
import { settledBom } from './sbom.ts';

const manifest = { manifest_version: 3, version: '1.0.0', icons: { 16: 'a', 32: 'b' } };
const filesOf = (own: object, more: Record<string, string> = {}): Map<string, Buffer> =>
  new Map(
    Object.entries({ 'manifest.json': JSON.stringify(own), 'main.js': 'main()', ...more }).map(
      ([name, text]) => [name, Buffer.from(text)],
    ),
  );
const built = filesOf(manifest);

describe('a package compared with the build', () => {
  it('may have what stores add', () => {
    const { icons, ...rest } = manifest;
    const update_url = 'https://clients2.google.com/service/update2/crx';
    const added = { key: 'k"":"\\', update_url, icons, ...rest };
    const signatures = { 'META-INF/mozilla.rsa': '…', '_metadata/verified_contents.json': '…' };
    expect(differencesOf(built, filesOf(added, signatures))).toEqual([]);
  });

  it.each([
    ['changed code', filesOf(manifest, { 'main.js': 'main();' }), 'main.js differs.'],
    ['more code', filesOf(manifest, { 'a.js': '' }), 'a.js is only in the package.'],
    ['less code', new Map([...built].slice(0, 1)), 'main.js is missing in the package.'],
    ['a permission', filesOf({ ...manifest, permissions: ['tabs'] }), 'manifest.json differs.'],
    [
      'an address from which it is updated',
      filesOf({ ...manifest, update_url: 'https://updates.example/' }),
      'manifest.json differs.',
    ],
    [
      'code where stores put signatures',
      filesOf(manifest, { '_metadata/a.html': '' }),
      '_metadata/a.html is only in the package.',
    ],
    [
      'a member of the manifest that is there twice',
      filesOf(manifest).set(
        'manifest.json',
        Buffer.from(JSON.stringify(manifest).replace('{', '{"version":"2.0.0",')),
      ),
      'manifest.json differs.',
    ],
    ['a deep change', filesOf({ ...manifest, icons: { 16: 'a' } }), 'manifest.json differs.'],
  ])('differs by %s', (_what, given, difference) => {
    expect(differencesOf(built, given)).toEqual([difference]);
  });
});

describe('the bill of materials', () => {
  const bom = (serialNumber: string, timestamp: string, name: string, version = '1.0.0') =>
    settledBom(
      JSON.stringify({
        serialNumber,
        metadata: { timestamp, component: { name } },
        components: [
          { name: 'used', version, scope: 'optional' },
          { name: 'tool', version, scope: 'optional' },
          { name: 'used', version: '0.9.0' },
        ],
      }),
      new Set([`used@${version}`]),
    );

  it('depends on neither the time nor the folder nor chance, only on what is listed', () => {
    const first = bom('urn:uuid:1', '2026-01-01T00:00:00Z', 'folder');
    expect(bom('urn:uuid:2', '2026-02-02T00:00:00Z', 'another')).toBe(first);
    const number = /urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}/u;
    expect(number.exec(first)?.[0]).not.toBe(
      number.exec(bom('urn:uuid:1', '2026-01-01T00:00:00Z', 'folder', '1.0.1'))?.[0],
    );
  });

  it('requires what the build contains, and excludes all else', () => {
    const { components } = JSON.parse(bom('', '', '')) as { components: { scope?: string }[] };
    expect(components.map(({ scope }) => scope)).toEqual(['required', 'excluded', 'excluded']);
  });
});
