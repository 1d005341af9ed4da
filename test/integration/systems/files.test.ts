/* Files of Data Center outside /rest/, of products that sign requests, and of clouds whose media service is not known. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import { dcFileBytes } from '../../standin/data-center/dc-files.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { systemCase, type SystemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

useBackground({ transport: 'tls' });

const refusal = async (input: string, method = 'GET'): Promise<unknown> => {
  const { code, subject } = await rejection(fetchAll(harness.page(), { input, method }));
  return subject === undefined ? code : { code, subject };
};

async function signedInTo(one: SystemCase): Promise<SessionView> {
  const flow = await runFlow(harness, await addSystemClient(one));
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId)!;
  await connect(harness, session);
  return session;
}

describe('Data Center', () => {
  const cases = [
    ['jira', '/secure/attachment/10001/Spec%20%23a.pdf'],
    ['confluence', '/download/attachments/9/%E8%B3%87%E6%96%99%EF%BC%83.pdf'],
    ['bitbucket', '/projects/RKT/repos/guidance/raw/src/main%3F.c?at=refs%2Fheads%2Fmain'],
    ['bamboo', '/browse/RKT-BUILD-7/artifact/shared/Report/index.html'],
    ['intranet', '/secure/thumbnail/10001/_thumb_10001.png'],
  ] as const;
  const bytesAt = (input: string): Buffer => dcFileBytes(input.split('?')[0] ?? '');

  test.each(cases)(
    'a file of %s outside /rest/ arrives byte for byte, also after a refresh',
    async (product, input) => {
      const { baseUrl } = standin.dataCenter[product];
      await signedInTo(systemCase(`Data Center, ${product}`));
      const reply = await fetchAll(harness.page(), { input });
      expect(reply).toMatchObject({ status: 200, url: `${baseUrl}${input}` });
      expect(reply.bytes.equals(bytesAt(input))).toBe(true);
      // Without a token that it knows, the product sends the call to its sign-in page.
      standin.dataCenter[product].expireAccessTokens();
      const again = await fetchAll(harness.page(), { input: `${baseUrl}${input}` });
      expect(again.bytes.equals(bytesAt(input))).toBe(true);
      expect(standin.auditor).toMatchObject({ cookieHeaders: [], crossings: [] });
    },
  );

  const jira = systemCase('Data Center, jira');
  const file = '/secure/attachment/10001/a.html';

  test('the sign-in page of a Jira that takes no token there is not delivered as the file', async () => {
    standin.dataCenter.jira.quirks.takesTokensForFiles = false;
    await signedInTo(jira);
    expect(await refusal(file)).toBe('consent_required');
    expect(await refusal(file, 'HEAD')).toBe('consent_required');
    const seen = standin.log.requests({ path: '/jira/login.jsp', method: 'GET' });
    expect(seen.map(({ status }) => status)).toEqual([200, 200]);
    // The session itself works.
    expect((await fetchAll(harness.page(), { input: jira.path })).status).toBe(200);
  });

  test.each([
    'https://idp.example.test/sso',
    'https://dc.example.test:8443/x',
    'http://dc.example.test/x',
  ])('a redirect to %s delivers nothing', async (location) => {
    await signedInTo(jira);
    const { host } = new URL(location);
    const { fetch } = harness.world;
    // The stand-in does not play these: the response is made here, as the browser would report it.
    Object.assign(harness.world, {
      fetch: (url: string, init: RequestInit) =>
        url.endsWith(file)
          ? Promise.resolve(Object.defineProperty(new Response('x'), 'url', { value: location }))
          : fetch(url, init),
    });
    expect(await refusal(file)).toEqual({ code: 'redirect_refused', subject: host });
  });

  test('the sign-in page of the same host outside the context path is not delivered either', async () => {
    await signedInTo(jira);
    const location = '/sso/login';
    const match = { path: /secure/u };
    standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
    expect(await refusal(file)).toBe('consent_required');
  });

  test('a redirect to a host whose responses the browser hides is refused without its name', async () => {
    await signedInTo(jira);
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: (url: string, init: RequestInit) =>
        init.redirect === 'follow' ? Promise.reject(new TypeError('x')) : fetch(url, init),
    });
    const match = { path: /secure/u };
    const location = 'https://idp.example.test/sso';
    const fault = standin.faults.add({ kind: 'redirect', status: 302, location, match });
    expect(await refusal(file)).toBe('redirect_refused');
    expect(fault.hits()).toBe(1);
    // Without a redirect it was the connection that failed.
    expect(await refusal(file)).toBe('offline');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a file cannot be called by %s', async (method) => {
    const session = await signedInTo(jira);
    await connect(harness, session, { access: 'write' });
    expect(await refusal(file, method)).toEqual({ code: 'invalid_request', subject: 'path' });
    expect(standin.log.requests({ path: /secure/u })).toEqual([]);
  });
});

describe('OAuth 1.0a', () => {
  test('a signature covers its URL: a file is delivered, a redirect is refused', async () => {
    const client = await applicationLink({ harness, standin });
    const flow = await runFlow(harness, client);
    const sessions = await harness.ui('session.list', {});
    await connect(
      harness,
      sessions.find(({ id }) => id === flow.sessionId)!,
    );
    const file = '/secure/attachment/10001/a.pdf';
    const reply = await fetchAll(harness.page(), { input: file });
    expect(reply.bytes.equals(dcFileBytes(file))).toBe(true);
    standin.oauth1.jiraInstance.quirks.takesTokensForFiles = false;
    expect(await refusal(file)).toBe('redirect_refused');
    expect(standin.log.requests({ path: '/jira/login.jsp' })).toEqual([]);
  });
});

describe('the Government Cloud, whose media service is not known', () => {
  test('a download is refused by the name of the host, and nothing is delivered', async () => {
    await signedInTo(systemCase('cloud, gov'));
    const { sites, content, hosts } = standin.gov;
    const sessions = await harness.ui('session.list', {});
    const acme = sessions[0]!.sites.filter(({ cloudId }) => cloudId === sites[0]!.cloudId);
    await connect(harness, sessions[0]!, { sites: acme });
    const { id } = content.attachments.find(({ cloudId }) => cloudId === sites[0]!.cloudId)!;
    expect(await refusal(`/rest/api/3/attachment/content/${id}`)).toEqual({
      code: 'redirect_refused',
      subject: hosts.media,
    });
    expect(
      standin.log.requests({ host: hosts.media }).map(({ headers }) => headers['authorization']),
    ).toEqual([undefined]);
  });
});
