import { createHash, randomBytes } from 'node:crypto';
import { bytes, redirect, text, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { StoredFile } from '../state/content.ts';
import type { World } from '../state/world.ts';

/** How long an address is the key to its file. */
const LIFE_MS = 50 * 60_000;

/** Redirects to a file of the media service. Atlassian documents the redirect; public reports show the address. */
export function redirectToMedia(world: World, status: 302 | 303, file: StoredFile): Answer {
  const token = `media-${randomBytes(48).toString('base64url')}`;
  world.mediaTokens.set(token, { file, untilMs: world.clock.nowMs() + LIFE_MS });
  const query = new URLSearchParams({ token, client: 'stand-in', name: file.filename });
  return redirect(status, `https://${world.hosts.media}/file/${uuidOf(file)}/binary?${query}`);
}

/** Answers the media host: the address is the key, whoever asks, from whatever origin. */
export function answerMedia(world: World, incoming: Incoming): Answer | undefined {
  const { method, path, query, headers } = incoming;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const granted = world.mediaTokens.get(query.get('token') ?? '');
  if (granted === undefined || granted.untilMs < world.clock.nowMs()) return text(403, 'Forbidden');
  const { file } = granted;
  if (path !== `/file/${uuidOf(file)}/binary`) return text(403, 'Forbidden');
  const name = encodeURIComponent(file.filename);
  const shared = {
    'access-control-allow-origin': '*',
    'accept-ranges': 'bytes',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    // Repeats the address, as a service may.
    link: `<${incoming.href}>; rel="canonical"`,
  };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  if (first === undefined) return withHeaders(bytes(200, file.bytes, file.mimeType), shared);
  const part = file.bytes.subarray(Number(first), Number(last) + 1);
  return withHeaders(bytes(206, part, file.mimeType), {
    ...shared,
    'content-range': `bytes ${first}-${last}/${file.bytes.length}`,
  });
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function uuidOf({ id, cloudId }: StoredFile): string {
  const hex = createHash('sha256').update(`${cloudId} ${id}`).digest('hex');
  return [8, 4, 4, 4, 12].reduce(
    (made, length) => `${made}${made && '-'}${hex.slice(made.length, made.length + length)}`,
    '',
  );
}
