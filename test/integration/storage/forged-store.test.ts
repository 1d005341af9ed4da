/* In Firefox a content script can write `storage.local`: whatever it says there, no secret goes to another host. */
import { beforeEach, describe, expect, test } from 'vitest';
import { draftOf } from '../../../extension/core/client/client-configuration.ts';
import type { BrokerError } from '../../../extension/core/values/fault.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { aCall } from '../../support/page-calls.ts';
import { applicationLink, thirdPartyClient } from '../../support/samples/signed-clients.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, revive, standin, useBackground } from '../use-session.ts';

const evil = 'https://evil.example';
useBackground();

type Entry = Readonly<Record<string, unknown>>;

/** A client, and what it says when its addresses are another's. */
interface Forgery {
  readonly name: string;
  readonly client: () => Promise<ClientView>;
  readonly path: string;
  readonly forged: (entry: Entry) => Entry;
}

const forgeries: readonly Forgery[] = [
  {
    name: 'the base URL of a Data Center product',
    client: () => addSystemClient(systemCase('Data Center, jira')),
    path: '/rest/api/2/myself',
    forged: (entry) => {
      const text = JSON.stringify(entry);
      return JSON.parse(text.replaceAll(String(entry['baseUrl']), `${evil}/jira`)) as Entry;
    },
  },
  {
    name: 'the kind of an application link',
    client: () => applicationLink({ harness, standin }),
    path: '/rest/api/2/myself',
    forged: ({ baseUrl, product: _product, keyPair: _keyPair, ...entry }) => ({
      ...entry,
      type: 'generic',
      apiBase: baseUrl,
      clientAuthentication: 'none',
      authorizationEndpoint: `${evil}/a`,
      tokenEndpoint: `${evil}/t`,
    }),
  },
  {
    name: 'the API of another OAuth 1.0a provider',
    client: () => thirdPartyClient({ harness, standin }),
    path: '/api/albums',
    forged: (entry) => ({ ...entry, apiBase: evil }),
  },
];

async function connected(client: ClientView): Promise<SessionView> {
  const { sessionId, fault } = await runFlow(harness, client);
  expect(fault).toBeUndefined();
  const session = await harness.ui('session.get', { id: sessionId! });
  await connect(harness, session);
  return session;
}
const call = (input: string): Promise<number | string> =>
  harness
    .page()('api.request', aCall({ input }))
    .then(
      ({ status }) => status,
      ({ fault }: BrokerError) => fault.code,
    );
/** What went to the host of the forger, as of now. */
function watchEvil(): unknown[] {
  const sent: unknown[] = [];
  const { fetch, hosts } = harness.world;
  // The host permission is no obstacle: the person may have allowed all.
  hosts.add(`${evil}/*`);
  Object.assign(harness.world, {
    fetch: (url: string, init: RequestInit) => {
      if (!url.startsWith(evil)) return fetch(url, init);
      sent.push([url, init.body, new Headers(init.headers).get('authorization')]);
      return Promise.resolve(Response.json({}, { status: 400 }));
    },
  });
  return sent;
}
function rewrite(key: string, change: (entry: Entry) => Entry): void {
  const { entries } = harness.world.local;
  entries.set(key, change(structuredClone(entries.get(key)) as Entry));
}

describe.each(forgeries)('$name, rewritten', ({ client: make, path, forged }) => {
  let key: string;
  let id: SessionView['id'];
  beforeEach(async () => {
    const client = await make();
    ({ id } = await connected(client));
    key = `client:${client.id}`;
  });
  const isAccessKept = [true, false] as const;

  test.each(isAccessKept)(
    'is put right by the second copy, and calls go on (access token kept: %s)',
    async (isKept) => {
      rewrite(key, forged);
      if (!isKept) harness.world.session.entries.clear();
      await revive();
      const sent = watchEvil();
      expect([await call(path), sent]).toEqual([200, []]);
      expect(harness.world.local.entries.get(key)).toEqual(harness.world.mirror.entries.get(key));
    },
  );
  test.each(isAccessKept)(
    'with a later time than the second copy, is sent nothing (access token kept: %s)',
    async (isKept) => {
      rewrite(key, (entry) => ({ ...forged(entry), updatedAtMs: Number.MAX_SAFE_INTEGER }));
      if (!isKept) harness.world.session.entries.clear();
      await revive();
      const sent = watchEvil();
      expect([await call(path), sent]).toEqual([expect.any(String), []]);
      await harness.ui('session.refresh-sites', { id }).catch(() => undefined);
      await harness.ui('session.sign-out', { id });
      expect(sent).toEqual([]);
    },
  );
  test('under a new id that its session names, is sent nothing', async () => {
    const other = crypto.randomUUID();
    const entry = structuredClone(harness.world.local.entries.get(key)) as Entry;
    harness.world.local.entries.set(`client:${other}`, { ...forged(entry), id: other, name: 'x' });
    const open = { generation: 1, startedAtMs: 0, attempts: 0 };
    rewrite(`session:${id}`, (session) => ({ ...session, clientId: other, journal: open }));
    await revive();
    const sent = watchEvil();
    expect([await call(path), sent]).toEqual([expect.any(String), []]);
  });
});

test.each(forgeries)(
  'a site address put into a session of $name is not called',
  async (forgery) => {
    const client = await forgery.client();
    const { id } = await connected(client);
    rewrite(`sites:${id}`, (entry) => ({
      ...entry,
      // Later than the second copy, which would be used otherwise.
      sitesReadAtMs: Number.MAX_SAFE_INTEGER,
      sites: (entry['sites'] as Entry[]).map((site) => ({ ...site, url: evil })),
    }));
    await revive();
    const sent = watchEvil();
    expect([await call(forgery.path), sent]).toEqual([200, []]);
  },
);

test('another base of the API counts at once', async () => {
  const client = await thirdPartyClient({ harness, standin });
  await connected(client);
  const draft = { ...draftOf(client), apiBase: `${client.apiBase}/api` };
  await harness.ui('client.update', { id: client.id, client: draft });
  expect(await call('/albums')).toBe(200);
});
