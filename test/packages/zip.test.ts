import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipFiles } from '../e2e/machine/stored-zip.ts';
import { readZip, withoutCrxHeader } from './read-zip.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const files = new Map([
  ['manifest.json', bytes('{}')],
  ['_locales/ja/messages.json', bytes('{"名前":"値"}')],
  ['empty.js', Buffer.of()],
]);

/** A zip of one file, as stores write them: compressed. */
function deflated(name: string, content: Buffer): Buffer {
  const zip = zipFiles(new Map([[name, deflateRawSync(content)]]));
  const original = zipFiles(new Map([[name, content]]));
  const central = zip.lastIndexOf(bytes('PK\u0001\u0002'));
  const centralOfOriginal = original.lastIndexOf(bytes('PK\u0001\u0002'));
  zip.writeUInt16LE(8, central + 10);
  original.copy(zip, central + 16, centralOfOriginal + 16, centralOfOriginal + 20);
  zip.writeUInt32LE(content.length, central + 24);
  return zip;
}

describe('a package', () => {
  it('has the same bytes in whatever order its files come, in any time zone', () => {
    const first = zipFiles(files);
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    const second = zipFiles(new Map([...files].reverse()));
    process.env['TZ'] = zone ?? '';
    if (zone === undefined) delete process.env['TZ'];
    expect(second.equals(first)).toBe(true);
  });

  it('has the files that were packed', () => {
    expect(readZip(zipFiles(files))).toEqual(new Map([...files].sort()));
  });

  it('is read when a store compressed it', () => {
    const content = bytes('a'.repeat(1000));
    expect(readZip(deflated('a.js', content))).toEqual(new Map([['a.js', content]]));
    expect(readZip(deflated('a.js', Buffer.of()))).toEqual(new Map([['a.js', Buffer.of()]]));
  });

  it('is found behind the header of a CRX', () => {
    const header = Buffer.alloc(12 + 5, 7);
    header.write('Cr24', 'latin1');
    header.writeUInt32LE(3, 4);
    header.writeUInt32LE(5, 8);
    const crx = Buffer.concat([header, zipFiles(files)]);
    expect(readZip(withoutCrxHeader(crx)).get('manifest.json')).toEqual(bytes('{}'));
    crx.writeUInt32LE(2, 4);
    expect(() => withoutCrxHeader(crx)).toThrow('a CRX of version 2');
  });
});

describe('a file that is no package', () => {
  const zip = zipFiles(files);
  const edited = (edit: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(zip);
    edit(copy);
    return copy;
  };
  const central = zip.indexOf(bytes('PK\u0001\u0002'));
  const cases: readonly (readonly [what: string, file: Buffer, message: string])[] = [
    ['nothing', Buffer.of(), 'not a zip'],
    ['cut', zip.subarray(0, -30), 'not a zip'],
    ['cut in front', zip.subarray(50), 'missing'],
    ['with a changed byte', edited((copy) => (copy[zip.indexOf('{}')] = 0)), 'damaged'],
    ['with a name that is not the listed one', edited((copy) => (copy[35] = 0)), 'two names'],
    ['encrypted', edited((copy) => (copy[central + 8] = 1)), 'encrypted'],
    ['compressed by something else', edited((copy) => (copy[central + 10] = 12)), 'compressed'],
    [
      'with a file beyond its end',
      edited((copy) => copy.writeUInt32LE(zip.length, central + 42)),
      'damaged',
    ],
    [
      'with two files of one name',
      Buffer.from(
        zipFiles(new Map([...files, ['manifest.jso_', bytes('x')]]))
          .toString('latin1')
          .replaceAll('manifest.jso_', 'manifest.json'),
        'latin1',
      ),
      'twice',
    ],
  ];

  it.each(cases)('is refused: %s', (_what, file, message) => {
    expect(() => readZip(file)).toThrow(message);
  });
});
