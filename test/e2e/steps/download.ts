import { createHash } from 'node:crypto';
import type { PageUnderTest } from '../browser/browser-under-test.ts';

/** SHA-256 in hexadecimal, as {@link downloadIn} reports it. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a page gets of a file, or the fault. */
export interface Downloaded {
  readonly status?: number;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly headers?: readonly (readonly [string, string])[];
  readonly length?: number;
  readonly digest?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Downloads a file in the page; the bytes leave it as their digest. */
export function downloadIn(
  page: PageUnderTest,
  input: string,
  init: RequestInit = {},
): Promise<Downloaded> {
  return page.evaluate(
    async (path, options): Promise<Downloaded> => {
      try {
        const response = await window.threelo.fetch(path, options);
        const bytes = await response.arrayBuffer();
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        return {
          status: response.status,
          url: response.url,
          redirected: response.redirected,
          headers: [...response.headers],
          length: bytes.byteLength,
          digest: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
        };
      } catch (thrown) {
        const { code, message } = thrown as { code?: string; message: string };
        return { code: code ?? 'none', message };
      }
    },
    input,
    init as Record<string, string>,
  );
}
