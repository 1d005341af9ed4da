import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { connectPage, openSetting, signedInPage, type Setting } from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  page = await signedInPage(setting, { scopes: ['write:jira-work'] });
  await connectPage(setting, page, { access: 'Read and write' });
});
afterAll(() => setting.close());

test('FormData goes up as multipart, and the attachment comes back byte for byte', async () => {
  const seen = await page.evaluate(async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31 + (at >> 8)) % 256);
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'application/octet-stream' }), 'würfel.bin');
    const up = await window.threelo.fetch('/rest/api/3/issue/ROC-1/attachments', {
      method: 'POST',
      headers: { 'X-Atlassian-Token': 'no-check' },
      body: form,
    });
    const [attachment] = (await up.json()) as { id: string; filename: string }[];
    const down = await window.threelo.fetch(
      `/rest/api/3/attachment/content/${attachment?.id ?? ''}?redirect=false`,
    );
    const back = new Uint8Array(await down.arrayBuffer());
    return {
      name: attachment?.filename,
      same: back.length === bytes.length && back.every((b, at) => b === bytes[at]),
    };
  });
  expect(seen).toEqual({ name: 'würfel.bin', same: true });
});

test.each([1, 25])(
  '%i random MiB come back byte for byte in both directions',
  async (mebibytes) => {
    const seed = 20_261_121 + mebibytes;
    const seen = await page.evaluate(
      async (size, firstState) => {
        const bytes = new Uint8Array(size);
        let state = firstState;
        for (let at = 0; at < size; at += 1) {
          // xorshift32, so that a failure can be repeated from its seed.
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          bytes[at] = state;
        }
        const response = await window.threelo.fetch('/rest/api/3/echo', {
          method: 'POST',
          headers: { 'Content-Type': 'application/octet-stream' },
          body: bytes,
        });
        const back = new Uint8Array(await response.arrayBuffer());
        return {
          length: back.length,
          firstDifference: back.findIndex((byte, at) => byte !== bytes[at]),
        };
      },
      mebibytes * 1_048_576,
      seed,
    );
    expect(seen, `seed ${String(seed)}`).toEqual({
      length: mebibytes * 1_048_576,
      firstDifference: -1,
    });
  },
);

test('a stream and a Blob go up too', async () => {
  const texts = await page.evaluate(async () => {
    const post = async (body: BodyInit): Promise<string> => {
      const init = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body };
      return (await window.threelo.fetch('/rest/api/3/echo', init)).text();
    };
    return [
      await post(new Blob(['a blob'])),
      await post(new Response('a stream').body as ReadableStream),
    ];
  });
  expect(texts).toEqual(['a blob', 'a stream']);
});

test('a body past 25 MiB is refused before anything is sent', async () => {
  const sent = setting.standin.log.requests({ path: /echo$/u }).length;
  const codes = await page.evaluate(async (size) => {
    const post = (body: BodyInit): Promise<string | undefined> =>
      window.threelo.fetch('/rest/api/3/echo', { method: 'POST', body }).then(
        () => 'sent',
        (thrown: { code?: string }) => thrown.code,
      );
    const bytes = new Uint8Array(size);
    return [
      await post(bytes),
      await post(new Blob([bytes])),
      await post(new Response(bytes).body as ReadableStream),
    ];
  }, 26_214_401);
  expect(codes).toEqual(['too_large', 'too_large', 'too_large']);
  expect(setting.standin.log.requests({ path: /echo$/u })).toHaveLength(sent);
});

test('every kind of body goes up as fetch itself would send it', async () => {
  const different = await page.evaluate(async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const numbers = Uint16Array.from([1, 2, 3, 65_535, 5]);
    const form = new FormData();
    form.append('text', 'würfel');
    const bodies: Record<string, unknown> = {
      bigint: 10n,
      nan: NaN,
      cyclic,
      map: new Map([['a', 1]]),
      date: new Date(0),
      'lone surrogate': 'a\uD800b',
      'typed array': numbers.subarray(1, 4),
      'data view': new DataView(numbers.buffer, 2, 3),
      'array buffer': numbers.buffer,
      blob: new Blob(['a', numbers], { type: 'image/png' }),
      'url parameters': new URLSearchParams({ a: 'ä &' }),
    };
    const hex = (bytes: ArrayBuffer): string => new Uint8Array(bytes).join();
    const wrong: string[] = [];
    for (const [name, body] of Object.entries(bodies)) {
      const init = { method: 'POST', body: body as BodyInit };
      const request = new Request('https://page.example/', init);
      const response = await window.threelo.fetch('/rest/api/3/echo', init);
      const isSame = hex(await response.arrayBuffer()) === hex(await request.clone().arrayBuffer());
      const type = response.headers.get('content-type');
      const expected = request.headers.get('content-type');
      if (!isSame || (expected !== null && type !== expected)) wrong.push(`${name} ${type ?? ''}`);
    }
    const init = { method: 'POST', body: form };
    const back = await (await window.threelo.fetch('/rest/api/3/echo', init)).formData();
    return { wrong, text: back.get('text') };
  });
  expect(different).toEqual({ wrong: [], text: 'würfel' });
});
