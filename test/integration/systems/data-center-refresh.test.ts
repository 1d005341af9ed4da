import { beforeEach, expect, test } from 'vitest';
import type { ClientView } from '../../../extension/wire/views.ts';
import type { LogEntry } from '../../standin/http/traffic-log.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { fetchAll, hasRefreshToken } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

const jira = systemCase('Data Center, jira');
const token = { path: '/jira/rest/oauth2/latest/token', method: 'POST' } as const;
const hour = 3_600_000;
let client: ClientView;

useBackground();
beforeEach(async () => {
  client = await addSystemClient(jira);
  await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  await connect(harness, sessions[0]!);
  standin.clock.advance(hour);
});

const myself = () => fetchAll(harness.page(), { input: jira.path });
const refreshes = (): LogEntry[] => standin.log.requests(token).filter(hasRefreshToken);
const status = async (): Promise<string | undefined> =>
  (await harness.ui('session.list', {}))[0]?.status;

test('a refresh that did not arrive is sent once more, later, and the session continues', async () => {
  const storm = standin.faults.add({ kind: 'drop-before', match: token, times: Infinity });
  expect((await rejection(myself())).code).toBe('offline');
  const sent = refreshes().length;
  storm();
  expect((await myself()).status).toBe(200);
  expect(refreshes()).toHaveLength(sent + 1);
  expect(await status()).toBe('valid');
});

test('a lost refresh response is requested once more, later; then consent is needed', async () => {
  standin.faults.add({ kind: 'drop-after', match: { ...token, grantType: 'refresh_token' } });
  expect((await rejection(myself())).code).toBe('consent_required');
  expect(refreshes()).toHaveLength(2);
  expect(await status()).toBe('recoverable');
  expect((await rejection(myself())).code).toBe('consent_required');
  expect(refreshes()).toHaveLength(2);
});

test('the late attempt is preceded by a refresh without a token and credentials', async () => {
  standin.faults.add({ kind: 'drop-after', match: { ...token, grantType: 'refresh_token' } });
  await rejection(myself());
  const [, sign] = standin.log.requests(token).slice(-3);
  expect(sign).toMatchObject({ bodyText: 'grant_type=refresh_token', status: 400 });
  expect(sign?.headers).not.toHaveProperty('authorization');
  expect(sign?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});
