/* Client libraries in a connected page, each with its recipe of `docs/page-api.md`. */
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleLibraries, libraryPage, type Library } from '../libraries/bundle.ts';
import { withDeadline } from '../machine/deadline.ts';
import { waitForApi } from '../steps/steps.ts';
import { page, setting, useConnectedTab } from './setting.ts';

/** How an HTTP error, a refusal of Threelo and an abort reach the caller of a library. */
interface Ends {
  /** The `name` of what an HTTP error is rejected with. Absent where it is part of the result. */
  readonly missing?: string;
  /** The `name` of what a `ThreeloError` becomes, and which error has its `code`. */
  readonly refused: readonly [name: string, codeOf: 'error' | 'cause'];
  /** The `name` of what an abort is rejected with. Absent where the library takes no signal. */
  readonly aborted?: string;
}

const ends: Readonly<Record<Library, Ends>> = {
  axios: {
    missing: 'AxiosError',
    refused: ['ThreeloError', 'error'],
    aborted: 'CanceledError',
  },
  'jira-js-5': {
    missing: 'HttpException',
    refused: ['ThreeloError', 'error'],
    aborted: 'CanceledError',
  },
  'jira-js-6': { missing: 'NotFoundError', refused: ['NetworkError', 'error'] },
  'confluence-js': { missing: 'NotFoundError', refused: ['NetworkError', 'error'] },
  ky: { missing: 'HTTPError', refused: ['ThreeloError', 'error'], aborted: 'AbortError' },
  ofetch: { missing: 'FetchError', refused: ['FetchError', 'cause'], aborted: 'FetchError' },
  'openapi-fetch': {
    refused: ['ThreeloError', 'error'],
    aborted: 'AbortError',
  },
};

useConnectedTab();
beforeAll(async () => {
  const headers = { 'content-type': 'text/javascript' };
  for (const [name, body] of await bundleLibraries())
    setting.standin.pages.set('dashboard.example', `/${name}`, { headers, body });
});

/** What a page's script can do with the library that the page loaded. */
type Calls = Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;
declare global {
  interface Window {
    calls: Calls;
    abortNow: () => void;
  }
}

/** How a call of the library ended: `code` is that of the error, or of its cause. */
interface Ended {
  readonly value?: unknown;
  readonly name?: string;
  readonly status?: number | undefined;
  readonly code?: { readonly error?: unknown; readonly cause?: unknown };
}

/** Opens a page that loads one library. One of them replaces `window.fetch`, from which no other may profit. */
async function open(library: Library): Promise<void> {
  setting.standin.pages.set('dashboard.example', '/library', { body: libraryPage(library) });
  await page.goto('https://dashboard.example/library');
  await waitForApi(page);
}

/** Has the library call; what is given and what comes back is JSON. A call gets a signal that `abortNow` aborts. */
function call(name: string, ...given: unknown[]): Promise<Ended> {
  const ended = page.evaluate(
    async (method, args): Promise<Ended> => {
      const controller = new AbortController();
      window.abortNow = () => controller.abort();
      try {
        return { value: await window.calls[method]?.(...args, controller.signal) };
      } catch (thrown) {
        const { name, status, response, code, cause } = thrown as Error & {
          status?: number;
          response?: Response;
          code?: unknown;
          cause?: { code?: unknown };
        };
        return {
          name,
          status: status ?? response?.status,
          code: { error: code, cause: cause?.code },
        };
      }
    },
    name,
    given,
  );
  return withDeadline(ended, `${name} to end`);
}

describe.each(Object.entries(ends))('%s', (name, { missing, refused, aborted }) => {
  const isConfluence = name === 'confluence-js';
  const path = isConfluence ? /\/api\/v2\/spaces$/u : /\/serverInfo$/u;
  beforeAll(() => open(name as Library));

  test('reads and writes JSON', async () => {
    const [firstPage] = setting.standin.content.pages.map(({ title }) => title);
    const fields = { project: { key: 'ROC' }, summary: `By ${name}`, issuetype: { name: 'Task' } };
    expect(await call('read')).toEqual({ value: isConfluence ? firstPage : 'Ada Example' });
    const { value } = await call('write', fields);
    const { issues, pages } = setting.standin.content;
    const made = isConfluence ? pages.at(-1) : issues.at(-1);
    expect(made).toMatchObject(
      isConfluence ? { id: value, title: fields.summary } : { key: value, fields },
    );
  });

  test('reports an HTTP error with its status in its own way', async () => {
    const expected = {
      status: 404,
      ...(missing === undefined ? { hasError: true } : { name: missing }),
    };
    const { value, ...thrown } = await call('miss');
    expect(value ?? thrown).toMatchObject(expected);
  });

  test('sends a file, and gets it back byte for byte', async () => {
    const isSame = await page.evaluate(async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31 + (at >> 8)) % 256);
      const file = new File([bytes], 'würfel.bin', { type: 'application/x-dice' });
      const id = await window.calls['upload']?.(file);
      const back = new Uint8Array((await window.calls['download']?.(id)) as ArrayBuffer);
      return back.length === bytes.length && back.every((byte, at) => byte === bytes[at]);
    });
    expect(isSame).toBe(true);
    const { attachments, pageFiles } = setting.standin.content;
    const stored = { filename: 'würfel.bin', mimeType: 'application/x-dice' };
    expect((isConfluence ? pageFiles : attachments).at(-1)).toMatchObject(stored);
  });

  test('passes the code of a refusal on', async () => {
    setting.standin.faults.add({ kind: 'redirect', status: 302, location: '/', match: { path } });
    const [error, codeOf] = refused;
    const ended = await call('call');
    expect([ended.name, ended.code?.[codeOf]]).toEqual([error, 'redirect_refused']);
  });

  if (aborted === undefined) return;
  test('aborts', async () => {
    const hanging = setting.standin.faults.add({ kind: 'hang', match: { path } });
    const ended = call('call');
    await withDeadline(hanging.arrived, 'the call to reach the service');
    await page.evaluate(() => window.abortNow());
    expect(await ended).toMatchObject({ name: aborted });
    await withDeadline(hanging.clientGone, 'the request to be given up');
  });
});

test('what libraries add by themselves is neither refused nor sent', async () => {
  await page.evaluate(() => {
    document.cookie = 'XSRF-TOKEN=of-the-page; path=/library';
  });
  await open('axios');
  expect(await page.evaluate(() => document.cookie)).toBe('XSRF-TOKEN=of-the-page');
  expect(await call('readByPath')).toEqual({ value: 'Ada Example' });
  const [sent] = setting.standin.log.requests({ host: 'api.atlassian.com' });
  expect(sent?.headers).not.toHaveProperty('x-xsrf-token');
  expect(sent?.headers['user-agent']).toMatch(/^Threelo\//u);
});
