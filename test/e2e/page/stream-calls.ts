/* Calls whose response is streamed. Each function is self-contained and runs in the page; they share what they leave there. */

/** What is left in the page between two functions. */
interface Left {
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  /** How much of a download has arrived, in bytes. */
  received: number;
  responses: Response[];
  /** How calls end: `read` or the name and code of the error. */
  endings: Promise<string>[];
  abort: () => void;
}

declare global {
  interface Window {
    left: Left;
  }
}

/** Sends bytes that follow from their position; resolves to their SHA-256 in hexadecimal. */
export async function uploadInPage(path: string, length: number): Promise<string> {
  const words = Uint32Array.from({ length: length / 4 }, (_, at) => Math.imul(at, 2_654_435_761));
  await window.threelo.fetch(path, { method: 'POST', body: words });
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads a response to its end piece by piece; resolves to its length and its SHA-256. */
export async function downloadInPage(path: string): Promise<{ length: number; digest: string }> {
  const left = { received: 0 } as Left;
  window.left = left;
  const pieces: BlobPart[] = [];
  const { body } = await window.threelo.fetch(path);
  for await (const piece of body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    pieces.push(piece);
    left.received += piece.length;
  }
  const bytes = await new Blob(pieces).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const digest = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { length: bytes.byteLength, digest };
}

/** Waits until so many bytes of the download have arrived. */
export async function waitForBytesInPage(wanted: number): Promise<void> {
  while (window.left.received < wanted)
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
}

/** Begins calls and reads nothing of their responses. */
export async function beginInPage(path: string, count: number): Promise<void> {
  const responses: Response[] = [];
  for (let at = 0; at < count; at += 1) responses.push(await window.threelo.fetch(path));
  window.left = { responses } as Left;
}

/** Begins one call, and resolves when its head is there. `readInPage` reads on. */
export async function openInPage(path: string): Promise<void> {
  const controller = new AbortController();
  const { body } = await window.threelo.fetch(path, { signal: controller.signal });
  window.left = {
    reader: body?.getReader() as Left['reader'],
    abort: () => {
      controller.abort();
    },
  } as Left;
}

/** The next piece as text, `(end)`, or the name and code of the error. */
export async function readInPage(): Promise<string> {
  try {
    const { value, done } = await window.left.reader.read();
    return done ? '(end)' : new TextDecoder().decode(value);
  } catch (thrown) {
    const { name, code } = thrown as { name: string; code?: unknown };
    return `${name} ${String(code)}`;
  }
}

/** Begins a call for each of these methods, and lets it read the response and a clone of it to the end. */
export async function readAllInPage(path: string, methods: readonly string[]): Promise<void> {
  const endings: Promise<string>[] = [];
  for (const method of methods) {
    const response = await window.threelo.fetch(path);
    for (const one of [response.clone(), response])
      endings.push(
        one[method as 'text']().then(
          () => 'read',
          ({ name, code }: { name: string; code?: unknown }) => `${name} ${String(code)}`,
        ),
      );
  }
  window.left = { endings } as Left;
}

/** How they ended. */
export function endingsInPage(): Promise<readonly string[]> {
  return Promise.all(window.left.endings);
}

/**
 * Reads the first piece of a response and goes on reading, and makes another call. `endingsInPage` has what became of both,
 * and whether the page came back from the back-forward cache.
 */
export async function prepareToLeaveInPage(path: string, other: string): Promise<void> {
  const settle = (work: Promise<unknown> | undefined): Promise<string> =>
    Promise.resolve(work).then(
      () => 'read',
      ({ name, code }: { name: string; code?: unknown }) => `${name} ${String(code)}`,
    );
  const { body } = await window.threelo.fetch(path);
  const reader = body?.getReader();
  await reader?.read();
  const cameBack = new Promise<string>((resolve) => {
    addEventListener('pageshow', ({ persisted }) => {
      resolve(persisted ? 'was cached' : 'was loaded');
    });
  });
  const endings = [settle(reader?.read()), settle(window.threelo.fetch(other)), cameBack];
  window.left = { endings } as Left;
}
