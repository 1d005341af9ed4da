/* Random calls of OAuth 1.0a, signed by the worker, sent over TLS, and verified by code that is not ours. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, runFlow } from '../../support/harness.ts';
import { thirdPartyClient } from '../../support/samples/signed-clients.ts';
import { harness, standin, useBackground } from '../use-session.ts';

/** Failures are repeated with the seed; it is printed with them. */
const seed = 20_261_121;

useBackground({ transport: 'tls' });

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', 'a b', '+', '%20', "!'()*", 'ü', '&=;', '~', '"A&B" ORDER BY created'),
);
const pairs = fc.array(fc.tuple(text, text), { maxLength: 5 });
const written = (list: readonly (readonly [string, string])[], blank: string): string =>
  list
    .map((pair) => pair.map((part) => encodeURIComponent(part).replaceAll('%20', blank)).join('='))
    .join('&');

const randomCall = fc
  .record({
    segments: fc.array(fc.constantFrom('albums', '2', 'ü', 'a b', 'x:y', '~me', "it's", '(1)'), {
      minLength: 1,
      maxLength: 3,
    }),
    query: pairs,
    form: fc.option(pairs, { nil: undefined }),
    blank: fc.constantFrom('+', '%20'),
  })
  .map(({ segments, query, form, blank }) => ({
    input: `/api/${segments.map(encodeURIComponent).join('/')}?${written(query, blank)}`,
    query: [...new URLSearchParams(written(query, blank))],
    body: form === undefined ? undefined : written(form, blank),
  }));

test('50 random calls are taken by a server that verifies them by itself', async () => {
  const flow = await runFlow(harness, await thirdPartyClient({ harness, standin }));
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId);
  if (session === undefined) throw new Error('no session');
  await connect(harness, session, { access: 'write' });
  standin.log.clear();

  const property = fc.asyncProperty(randomCall, async ({ input, query, body }) => {
    const answer = await harness.page()('api.request', {
      callId: crypto.randomUUID(),
      method: body === undefined ? 'GET' : 'POST',
      input,
      headers:
        body === undefined ? [] : [['content-type', 'application/x-www-form-urlencoded'] as const],
      body: body === undefined ? null : new TextEncoder().encode(body).buffer,
      writtenBytes: 0,
    });
    const told: unknown = JSON.parse(new TextDecoder().decode(answer.chunk));
    expect(answer.status).toBe(200);
    expect(told).toMatchObject({ owner: 'ada', query, body: body ?? '' });
  });
  await fc.assert(property, { numRuns: 50, seed });
  // Each was taken at once: none had to be signed again.
  expect(standin.log.requests({ host: 'photos.example.test' })).toHaveLength(50);
});
