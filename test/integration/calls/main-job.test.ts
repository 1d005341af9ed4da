import { expect, test } from 'vitest';
import type { ApiRequest } from '../../../extension/wire/api-call.ts';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import { connect, dashboard, signedIn } from '../../support/harness.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground({ transport: 'tls' });

const call = (changes: Partial<ApiRequest> = {}): ApiRequest => ({
  callId: crypto.randomUUID(),
  method: 'GET',
  input: '/rest/api/3/myself',
  headers: [],
  body: null,
  writtenBytes: 0,
  ...changes,
});
const json = (chunk: ArrayBuffer): unknown => JSON.parse(new TextDecoder().decode(chunk));

test('a connected page gets the JSON of Jira with a token that it never sees', async () => {
  const { session } = await signedIn(harness, standin);
  const sites = session.sites.filter(({ url }) => url.includes('acme'));
  await connect(harness, session, { sites });
  const reply = await harness.page()('api.request', call());
  expect(reply).toMatchObject({
    status: 200,
    url: 'https://acme.atlassian.net/rest/api/3/myself',
    isComplete: true,
  });
  expect(json(reply.chunk)).toMatchObject({ emailAddress: 'ada@threelo.test' });
  const [upstream] = standin.log.requests({ host: 'api.atlassian.com', path: /myself/u });
  expect(upstream?.headers['authorization']).toMatch(/^Bearer /u);
  expect(upstream?.headers['cookie']).toBeUndefined();
  expect(harness.world.injected).toContain(dashboard);
});

test('a new worker goes on with the access token, and after a restart with the refresh token', async () => {
  const { session } = await signedIn(harness, standin);
  await connect(harness, session, { sites: session.sites.slice(0, 1) });
  const revived = await harness.revive();
  expect(await revived.page()('api.request', call())).toMatchObject({ status: 200 });
  expect(standin.log.requests({ path: '/oauth/token', method: 'POST' })).toHaveLength(1);
  revived.world.session.entries.clear();
  const restarted = await revived.revive();
  expect(await restarted.page()('api.request', call())).toMatchObject({ status: 200 });
  expect(standin.log.requests({ path: '/oauth/token', method: 'POST' })).toHaveLength(2);
});

test('a connected page is notified when its session ends and when its sites change', async () => {
  const { session } = await signedIn(harness, standin);
  await connect(harness, session);
  await harness.ui('session.refresh-sites', { id: session.id });
  expect(harness.world.told).toEqual([]);
  standin.narrow({ sites: [ACME_CLOUD_ID] });
  await harness.ui('session.refresh-sites', { id: session.id });
  expect(harness.world.told).toEqual([{ origin: dashboard, event: 'grant.changed' }]);
  standin.revokeGrant('ada', 'team-client');
  await expect(harness.page()('page.sites', {})).resolves.toHaveLength(2);
  const revoked = harness.page()(
    'api.request',
    call({ input: 'https://acme.atlassian.net/rest/api/3/myself' }),
  );
  await expect(revoked).rejects.toMatchObject({ fault: { code: 'consent_required' } });
  expect(harness.world.told).toHaveLength(2);
});
