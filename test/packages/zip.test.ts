import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipFiles } from '../e2e/machine/stored-zip.ts';
import { readZip, withoutCrxHeader } from './read-zip.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const listed = bytes('PK\u0001\u0002');
const files = new Map([
  ['manifest.json', bytes('{}')],
  ['_locales/ja/messages.json', bytes('{"名前":"値"}')],
  ['empty.js', Buffer.of()],
]);

/** A zip of one file, as stores write them: compressed. */
function deflated(name: string, content: Buffer): Buffer {
  const zip = zipFiles(new Map([[name, deflateRawSync(content)]]));
  // In both headers: how it is compressed, and checksum and length of what is in it.
  for (const at of [8, zip.lastIndexOf(listed) + 10]) {
    zip.writeUInt16LE(8, at);
    zip.writeUInt32LE(crc32(content), at + 6);
    zip.writeUInt32LE(content.length, at + 14);
  }
  return zip;
}

/** A file as programs write it that do not know its length beforehand: checksum and lengths are behind it. */
function described(zip: Buffer): Buffer {
  const list = zip.indexOf(listed);
  const sums = Buffer.from(zip.subarray(14, 26));
  const descriptor = Buffer.concat([bytes('PK\u0007\u0008'), sums]);
  const copy = Buffer.concat([zip.subarray(0, list), descriptor, zip.subarray(list)]);
  copy.fill(0, 14, 26);
  copy.writeUInt16LE(copy.readUInt16LE(6) | 8, 6);
  copy.writeUInt16LE(copy.readUInt16LE(list + 16 + 8) | 8, list + 16 + 8);
  copy.writeUInt32LE(list + 16, copy.length - 6);
  return copy;
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
    expect(readZip(described(deflated('a.js', content)))).toEqual(new Map([['a.js', content]]));
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
    expect(() => withoutCrxHeader(crx.subarray(0, 7))).toThrow('end is missing');
  });
});

const zip = zipFiles(files);
const central = zip.indexOf(listed);
function edited(edit: (copy: Buffer) => void, original = zip): Buffer {
  const copy = Buffer.from(original);
  edit(copy);
  return copy;
}

describe('a file that is no package', () => {
  const cases: readonly (readonly [what: string, file: Buffer, message: string])[] = [
    ['nothing', Buffer.of(), 'not a zip'],
    ['cut', zip.subarray(0, -30), 'not a zip'],
    ['cut in front', zip.subarray(50), 'missing'],
    ['with a changed byte', edited((copy) => (copy[zip.indexOf('{}')] = 0)), 'damaged'],
    ['encrypted', edited((copy) => (copy[central + 8] = 1)), 'encrypted'],
    ['compressed by something else', edited((copy) => (copy[central + 10] = 12)), 'compressed'],
    [
      'with a file beyond its end',
      edited((copy) => copy.writeUInt32LE(zip.length, central + 42)),
      'damaged',
    ],
  ];

  it.each(cases)('is refused: %s', (_what, file, message) => {
    expect(() => readZip(file)).toThrow(message);
  });
});

/** With so much before its first file, which every place in it takes into account. */
function behind(prefix: Buffer): Buffer {
  const copy = Buffer.concat([prefix, zip]);
  for (let at = copy.indexOf(listed); at !== -1; at = copy.indexOf(listed, at + 1))
    copy.writeUInt32LE(copy.readUInt32LE(at + 42) + prefix.length, at + 42);
  copy.writeUInt32LE(central + prefix.length, copy.length - 6);
  return copy;
}

/** With two lists of its files: the named one, and the one before the end. */
function twoLists(): Buffer {
  const list = zip.subarray(central, -22);
  return Buffer.concat([zip.subarray(0, -22), list, zip.subarray(-22)]);
}

/** The list has one file less, the last one. */
function unlisted(): Buffer {
  const last = zip.lastIndexOf(listed);
  return edited(
    (copy) => {
      copy.writeUInt16LE(files.size - 1, copy.length - 14);
      copy.writeUInt16LE(files.size - 1, copy.length - 12);
      copy.writeUInt32LE(last - central, copy.length - 10);
    },
    Buffer.concat([zip.subarray(0, last), zip.subarray(-22)]),
  );
}

/** The file has another name in an extra field of its header in the list. */
function named(name: string, kind: number): Buffer {
  const field = Buffer.concat([Buffer.of(0, 0, 0, 0, 1, 0, 0, 0, 0), bytes(name)]);
  field.writeUInt16LE(kind);
  field.writeUInt16LE(field.length - 4, 2);
  const one = zipFiles(new Map([['a.js', bytes('a()')]]));
  return edited(
    (copy) => {
      copy.writeUInt16LE(field.length, copy.indexOf(listed) + 30);
      copy.writeUInt32LE(copy.readUInt32LE(copy.length - 10) + field.length, copy.length - 10);
    },
    Buffer.concat([one.subarray(0, -22), field, one.subarray(-22)]),
  );
}

describe('a file that two programs may read differently', () => {
  const cases: readonly (readonly [what: string, file: Buffer, message: string])[] = [
    ['with a name that is not the listed one', edited((copy) => (copy[35] = 0)), 'two names'],
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
    ['with something before its files', behind(bytes('#!/bin/sh')), 'before'],
    ['with something behind its end', Buffer.concat([zip, bytes('x')]), 'follows'],
    ['with two lists of its files', twoLists(), 'missing before its end'],
    ['with a file that is in no list', unlisted(), 'behind the last file'],
    [
      'with more files in its list than it says',
      edited((copy) => {
        copy[copy.length - 12] = copy[copy.length - 14] = files.size - 1;
      }),
      'another number',
    ],
    ['of several parts', edited((copy) => (copy[copy.length - 16] = 1)), 'several parts'],
    ['with two headers of a file', edited((copy) => copy.writeUInt16LE(0x0201, 6)), 'two headers'],
    ['with a second name', named('b.js', 0x7075), 'second name'],
    ['with a second length', named('', 0x0001), 'second name or length'],
    ...['../a.js', 'a/../../b.js', '/a.js', 'a//b.js', './a.js', 'a\\b.js', 'c:a.js', 'a\0.js'].map(
      (name) =>
        [
          `with the name ${JSON.stringify(name)}`,
          zipFiles(new Map([[name, bytes('x')]])),
          'plain name',
        ] as const,
    ),
  ];

  it.each(cases)('is refused: %s', (_what, file, message) => {
    expect(() => readZip(file)).toThrow(message);
  });

  it('is read with other extra fields, and with a comment, as git writes it', () => {
    expect(readZip(named('b.js', 0x5455)).get('a.js')).toEqual(bytes('a()'));
    const comment = bytes('0123456789abcdef');
    const commented = Buffer.concat([zip, comment]);
    commented.writeUInt16LE(comment.length, zip.length - 2);
    expect(readZip(commented).size).toBe(files.size);
  });
});
