/* Two accounts on one site, granted to one page. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CloudId } from '../../../extension/core/session/site.ts';
import type { ApiRequest } from '../../../extension/wire/api-call.ts';
import type { AskView, SessionView } from '../../../extension/wire/views.ts';
import { GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard, offeredSites, runFlow } from '../../support/harness.ts';
import { apiCalls, fetchAll, holdResponses, tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

const url = 'https://globex.atlassian.net';
const path = '/rest/api/3/myself';
let ada: SessionView;
let bo: SessionView;

const idOf = ({ id }: SessionView): string => `jira:${GLOBEX_CLOUD_ID}:${id}`;
const granted = ({ id }: SessionView, product: 'jira' | 'confluence' = 'jira') => ({
  cloudId: GLOBEX_CLOUD_ID as CloudId,
  product,
  sessionId: id,
});

async function signsIn(account: string, renewed?: SessionView): Promise<SessionView> {
  harness.world.person = async (address) => ({
    redirectedTo: await standin.consent(address.href, { account }),
  });
  const { sessionId } = await runFlow(harness, client, renewed);
  const sessions = await harness.ui('session.list', {});
  return sessions.find(({ id }) => id === sessionId)!;
}

/** The account as which the stand-in answered a call. */
async function calledAs(changes: Partial<ApiRequest>): Promise<string> {
  const reply = await fetchAll(harness.page(), { input: path, ...changes });
  const { accountId } = JSON.parse(reply.bytes.toString()) as { accountId: string };
  const account = ['ada', 'bo'].find((name) => standin.accounts.get(name).accountId === accountId);
  return (
    account ?? `${String(reply.status)} ${reply.bytes.toString()} ${JSON.stringify(reply.headers)}`
  );
}

/** Calls of both accounts at once, in every way to name one; each has to be answered as the account that it names. */
async function expectNoneCrossed(): Promise<void> {
  const named = (one: SessionView): Partial<ApiRequest>[] => [
    { site: idOf(one) },
    { account: one.id },
    { input: `${url}${path}`, account: one.id },
    { site: url, account: one.id },
    { site: `jira:${GLOBEX_CLOUD_ID}`, account: one.id },
  ];
  const calls = named(ada).flatMap((one, at) => [one, named(bo)[at]!]);
  const answered = await Promise.all(calls.map(calledAs));
  expect(answered).toEqual(Array.from({ length: 5 }, () => ['ada', 'bo']).flat());
  expect(await calledAs({ account: ada.id })).toBe('ada');
  expect(await calledAs({ account: bo.id })).toBe('bo');
}

useSession({ sites: () => [] });
beforeEach(async () => {
  ada = session;
  bo = await signsIn('bo');
  harness.world.hosts.add(`${dashboard}/*`);
  const sites = [granted(ada), granted(bo), granted(bo, 'confluence')];
  await harness.ui('grant.prepare', { origin: dashboard, sites, access: 'read' });
});

test('are two sites for the page, with ids of their own and the names of their accounts', async () => {
  const sites = await harness.page()('page.sites', {});
  expect(sites.map(({ id, product, account }) => [id, product, account])).toEqual([
    [idOf(ada), 'jira', { id: ada.id, name: standin.accounts.get('ada').name }],
    [idOf(bo), 'jira', { id: bo.id, name: standin.accounts.get('bo').name }],
    [
      `confluence:${GLOBEX_CLOUD_ID}:${bo.id}`,
      'confluence',
      { id: bo.id, name: standin.accounts.get('bo').name },
    ],
  ]);
  const { sessionCountOf } = await harness.ui('overview.get', {});
  expect(sessionCountOf).toEqual({ [client.id]: 2 });
});

test('called alternately and at once are never crossed: after a refresh, a kill, a restart, another consent', async () => {
  await expectNoneCrossed();
  standin.expireAccessTokens();
  await expectNoneCrossed();
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(2);
  await revive();
  await expectNoneCrossed();
  // The browser starts again: what it held for its session has gone.
  harness.world.session.entries.clear();
  await revive();
  await expectNoneCrossed();
  // Ada's session is renewed, but Bo signs in: his session is renewed, and hers stays what it was.
  expect((await signsIn('bo', ada)).id).toBe(bo.id);
  await expectNoneCrossed();
  expect(standin.auditor.replaysOutsideLeeway).toEqual([]);
});

test('when one signs out its sites leave and its calls end, and those of the other go on', async () => {
  const release = holdResponses(standin);
  const calls = [ada, bo].map((one) => calledAs({ account: one.id }));
  await until(() => apiCalls(standin).length === 2);
  const ended = rejection(calls[1]!);
  await harness.ui('session.sign-out', { id: bo.id });
  expect(await ended).toMatchObject({ code: 'not_allowed', subject: 'site' });
  release();
  expect(await calls[0]).toBe('ada');
  const sites = await harness.page()('page.sites', {});
  expect(sites.map(({ id }) => id)).toEqual([idOf(ada)]);
  // Now the old id, the URL and a plain path mean one account.
  for (const one of [{ site: `jira:${GLOBEX_CLOUD_ID}` }, { input: `${url}${path}` }, {}])
    expect(await calledAs(one)).toBe('ada');
  expect(await rejection(calledAs({ account: bo.id }))).toMatchObject({
    code: 'not_allowed',
    subject: 'account',
  });
});

describe('a call that names no account', () => {
  const question = async (): Promise<AskView> => {
    await until(() => harness.world.openWindows.size > 0);
    const asks = await harness.ui('ask.list', {});
    expect(asks).toHaveLength(1);
    return asks[0]!;
  };
  /** The sessions of the sites that the last question offered. */
  let offered: readonly string[];
  const answer = async (one: SessionView): Promise<AskView> => {
    const ask = await question();
    offered = (await offeredSites(harness, ask.id)).map(({ sessionId }) => sessionId);
    const decision = { allow: true as const, sites: [granted(one)], access: 'read' as const };
    await harness.ui('ask.decide', { id: ask.id, decision });
    return ask;
  };

  test('asks once, and the answer holds for calls that leave the same open, also in a new worker', async () => {
    const first = calledAs({});
    const ask = await answer(bo);
    expect(ask).toMatchObject({ kind: 'site', product: 'jira' });
    expect(offered).toEqual([ada.id, bo.id]);
    expect(await first).toBe('bo');
    await revive();
    expect(await calledAs({})).toBe('bo');
    // Which account a named site has is another question.
    const second = calledAs({ input: `${url}${path}` });
    expect(await answer(ada)).toMatchObject({
      product: 'jira',
      cloudId: GLOBEX_CLOUD_ID,
      site: { cloudId: GLOBEX_CLOUD_ID, name: 'Globex' },
    });
    expect(await second).toBe('ada');
    expect(await calledAs({ site: `jira:${GLOBEX_CLOUD_ID}` })).toBe('ada');
    expect(await calledAs({})).toBe('bo');
    // A choice that is not granted any more is asked for again.
    await harness.ui('session.sign-out', { id: bo.id });
    expect(await calledAs({})).toBe('ada');
  });

  test('is `site_required` with the ids, if the person denies it', async () => {
    const denied = rejection(calledAs({ site: url }));
    const { id } = await question();
    await harness.ui('ask.decide', { id, decision: { allow: false } });
    expect(await denied).toMatchObject({
      code: 'site_required',
      candidates: [idOf(ada), idOf(bo)],
    });
    expect(apiCalls(standin)).toEqual([]);
  });

  test('cannot be answered with a site that was not offered', async () => {
    const work = rejection(calledAs({}));
    const { id } = await question();
    const wiki = granted(bo, 'confluence');
    const decision = { allow: true as const, sites: [wiki], access: 'read' as const };
    expect((await rejection(harness.ui('ask.decide', { id, decision }))).code).toBe('not_found');
    await harness.ui('ask.decide', { id, decision: { allow: false } });
    expect((await work).code).toBe('site_required');
  });
});
