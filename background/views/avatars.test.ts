import { expect, test, vi } from 'vitest';
import { createAvatars } from './avatars.ts';

const png = (bytes = 4): Response =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': 'image/png' } });

/** The image that is shown for an address whose server sends this response. */
async function shown(url: string, response: Response) {
  const fetch = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(response));
  const session = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const world = { fetch, session, after: () => () => undefined, notifyExtensionPages: vi.fn() };
  const avatars = createAvatars(world as never);
  avatars.get(url);
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { image: avatars.get(url), fetch };
}

test('an image is shown as a data URL, and its request has no cookies and follows no redirect', async () => {
  const { image, fetch } = await shown('https://site.example/a.png', png());
  expect(image).toBe('data:image/png;base64,AAAAAA==');
  expect(fetch).toHaveBeenCalledExactlyOnceWith(
    'https://site.example/a.png',
    expect.objectContaining({ redirect: 'error', credentials: 'omit' }),
  );
});

test.each(['http://site.example/a.png', 'data:image/png;base64,AAAA', 'file:///a.png', 'nonsense'])(
  'no image is requested at %s',
  async (url) => {
    const { image, fetch } = await shown(url, png());
    expect([image, fetch.mock.calls]).toEqual([undefined, []]);
  },
);

test.each([
  ['of SVG, which can contain scripts', 'image/svg+xml'],
  ['of HTML', 'text/html'],
  ['of a type that begins like an image', 'image/png2'],
  ['of no type', ''],
])('no image is shown %s', async (_, type) => {
  const response = new Response('x', { headers: { 'content-type': type } });
  expect((await shown('https://site.example/a.png', response)).image).toBeUndefined();
});

test.each([
  ['above 64 KiB', png(65_537)],
  ['of an error', new Response('x', { status: 404, headers: { 'content-type': 'image/png' } })],
])('no image is shown %s', async (_, response) => {
  expect((await shown('https://site.example/a.png', response)).image).toBeUndefined();
});
