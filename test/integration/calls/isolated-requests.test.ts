import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { apiCalls, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { client, harness, session, standin, useSession } from '../use-session.ts';

useSession({ standin: { transport: 'tls' }, sites: (all) => sitesAt(all, 'globex').slice(0, 1) });

test('no request of the background has cookies, uses the cache or follows a redirect', async () => {
  const requests: [string, RequestInit][] = [];
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: (url: string, init: RequestInit) => {
      requests.push([new URL(url).pathname, init]);
      return fetch(url, init);
    },
  });
  await runFlow(harness, client);
  standin.clock.advance(3_600_000);
  await fetchAll(harness.page());
  await harness.ui('session.refresh-sites', { id: session.id });
  await harness.ui('session.sign-out', { id: session.id });
  const isAvatar = ([, { cache }]: (typeof requests)[number]): boolean => cache === undefined;
  const asked = requests.filter((request) => !isAvatar(request));
  expect(new Set(asked.map(([path]) => path.replace(/(?<=^\/ex\/jira\/).*/u, '…')))).toEqual(
    new Set([
      '/oauth/token',
      '/me',
      '/oauth/token/accessible-resources',
      '/ex/jira/…',
      '/oauth/revoke',
    ]),
  );
  for (const [path, { cache, credentials, redirect }] of asked) {
    // Neither follows a redirect. These two read its response, which tells an intermediary from a broken connection.
    const isResponseRead = path.startsWith('/ex/') || path === '/oauth/token';
    expect([path, cache, credentials, redirect]).toEqual([
      path,
      'no-store',
      'omit',
      isResponseRead ? 'manual' : 'error',
    ]);
  }
});

test('a call is not sent when its site moves to another session while its token is fetched', async () => {
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: 'bo' }),
  });
  const { sessionId } = await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  const other = sessions.find(({ id }) => id === sessionId)!;
  standin.clock.advance(3_600_000);
  const done = Promise.withResolvers<undefined>();
  const match = { grantType: 'refresh_token' } as const;
  const fault = standin.faults.add({ kind: 'latency', until: done.promise, match });
  const work = rejection(fetchAll(harness.page()));
  await fault.arrived;
  await connect(harness, other, { sites: sitesAt(other, 'globex').slice(0, 1) });
  done.resolve(undefined);
  expect(await work).toMatchObject({ code: 'not_allowed', subject: 'site' });
  expect(apiCalls(standin)).toEqual([]);
});
