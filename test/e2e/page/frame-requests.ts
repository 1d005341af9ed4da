/** How a call ended: status, content type and text of the response; or name and code of what it was rejected with. */
type Ending = string;

/**
 * Calls with what other frames made, and with a `Request` that is older than the page's replacement of the class; each
 * with its ending. Self-contained; runs in the page.
 */
export async function callWithForeignObjects(): Promise<Readonly<Record<string, Ending>>> {
  const path = '/rest/api/3/echo';
  const initOf = (body: BodyInit) => ({
    method: 'POST',
    headers: { 'Content-Type': 'text/x-foreign' },
    body,
  });
  const openFrame = async (src: string): Promise<Window & typeof globalThis> => {
    const frame = document.createElement('iframe');
    frame.src = src;
    const loaded = new Promise((resolve) => {
      frame.addEventListener('load', resolve);
    });
    document.body.append(frame);
    await loaded;
    return frame.contentWindow as Window & typeof globalThis;
  };
  const call = async (...args: Parameters<typeof window.threelo.fetch>): Promise<Ending> => {
    try {
      const response = await window.threelo.fetch(...args);
      return `${response.status} ${String(response.headers.get('content-type'))} ${await response.text()}`;
    } catch (thrown) {
      const { name, code } = thrown as { name: string; code?: unknown };
      return `${name} ${String(code)}`;
    }
  };

  const other = await openFrame('/');
  const blank = await openFrame('about:blank');
  const removed = await openFrame('/');
  const ofRemoved = new removed.Request(path, initOf('of a removed frame'));
  removed.frameElement?.remove();
  const early = new Request(path, initOf('early'));
  const Original = Request;
  window.Request = function replacement(): never {
    throw new Error('not to be used');
  } as unknown as typeof Request;
  const ofEarly = await call(early);
  window.Request = Original;

  const framed = new other.URL(`https://acme.atlassian.net${path}`);
  const headers = new other.Headers({ 'Content-Type': 'text/x-foreign' });
  const stream = new other.Response('stream').body;
  const signal = other.AbortSignal.abort();
  return {
    'a Request made before the page replaced the class': ofEarly,
    'a Request of a frame': await call(new other.Request(path, initOf('framed'))),
    'a Request of an empty frame': await call(new blank.Request(path, initOf('blank'))),
    'a Request of a removed frame': await call(ofRemoved),
    'a URL and headers of a frame': await call(framed, { ...initOf('url'), headers }),
    'a Blob of a frame': await call(path, initOf(new other.Blob(['blob']))),
    'bytes of a frame': await call(path, initOf(new other.TextEncoder().encode('bytes'))),
    'a stream of a frame': await call(path, initOf(stream as ReadableStream)),
    'an aborted signal of a frame': await call(path, { ...initOf('none'), signal }),
  };
}
