import { compose, type Background } from '../../background/compose.ts';
import {
  createExternalPortRouter,
  createExternalRouter,
} from '../../background/messages/external-router.ts';
import { createPortRouter, createRouter } from '../../background/messages/router.ts';
import { createWaitingCommands } from '../../background/messages/waiting-commands.ts';
import type { Sender } from '../../extension/browser/messages/background-messages.ts';
import type { GrantAnswer } from '../../extension/core/grant/page-grant.ts';
import type { ClientDraft } from '../../extension/core/client/client-configuration.ts';
import { blankDraft } from '../../extension/core/client/client-configuration.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { portOpened, type NumberedReply } from '../../extension/wire/envelope.ts';
import { createSend, type Send } from '../../extension/wire/send.ts';
import type { SiteRow } from '../../extension/wire/list-views.ts';
import type { ClientView, FlowView, SessionView } from '../../extension/wire/views.ts';
import type { Standin } from '../standin/standin.ts';
import { redirectBase, testWorld, type TestWorld } from './test-world.ts';

/** The id and origin of the extension under test. */
export const self = {
  id: 'threelo-under-test',
  origin: 'chrome-extension://threelo-under-test',
} as const;
/** The origin that tests connect, unless they name another. */
export const dashboard = 'https://dashboard.example' as Origin;

/** A running background over a test world. */
export interface Harness {
  readonly world: TestWorld;
  readonly background: Background;
  /** Sends as popup or options do. */
  readonly ui: Send;
  /** Sends as the content script of a page does. */
  page(origin?: string, sender?: Partial<Sender>): Send;
  /** Opens a port as the content script of a document does. */
  port(sender: Sender): OpenedPort;
  /** A document ends, after all that it sent has begun. */
  leave(origin?: string, sender?: Partial<Sender>): Promise<void>;
  /** Sends any message as any sender. */
  raw(message: unknown, sender: Sender): Promise<unknown>;
  /** Sends as another extension does. */
  extension(id?: string): Send;
  /** Opens a port as another extension does. */
  extensionPort(sender?: Sender): OpenedPort;
  /** Sends any message as any sender that is not part of ours; undefined is no answer. */
  rawExternal(message: unknown, sender: Sender): Promise<unknown>;
  /** A new background over the same stores, as after the worker ended. */
  revive(): Promise<Harness>;
  /** A second background beside this one, over the same stores and locks. */
  beside(): Promise<Harness>;
}

/** A port to the background. */
export interface OpenedPort {
  /** Posts any message. */
  post(message: unknown): void;
  /** Sends commands over the port. */
  readonly send: Send;
  /** What the background posted so far. */
  readonly received: readonly unknown[];
  /** Whether the background closed it. */
  isClosed(): boolean;
  /** The document ends, or closes its port. */
  end(): void;
}

/**
 * Starts the real background over in-memory adapters and the stand-in.
 * @param prepare changes the world of this background, and of each that is revived from it
 */
export async function startHarness(
  standin: Standin,
  earlier?: TestWorld,
  beside = false,
  prepare?: (world: TestWorld) => void,
): Promise<Harness> {
  const world = testWorld(standin, earlier, beside);
  prepare?.(world);
  const background = await compose(world);
  const recipient = () => Promise.resolve(background);
  const context = { self, recipient, waiting: createWaitingCommands() };
  const listen = createRouter(context);
  const serve = createPortRouter(context);
  const raw = (message: unknown, sender: Sender): Promise<unknown> =>
    listen(message, sender) ?? Promise.resolve();
  const listenExternal = createExternalRouter(context);
  const serveExternal = createExternalPortRouter(context);
  const rawExternal: typeof raw = (message, sender) =>
    listenExternal(message, sender) ?? Promise.resolve();
  return {
    world,
    background,
    raw,
    rawExternal,
    extension: (id) => createSend((message) => rawExternal(message, extensionSender(id))),
    extensionPort: (sender = extensionSender()) => openPort(sender, serveExternal),
    port: (sender) => openPort(sender, serve),
    leave: async (origin = dashboard, sender = {}) => {
      openPort({ ...pageSender(origin), ...sender }, serve).end();
      await recipient();
    },
    ui: createSend((message) => raw(message, uiSender)),
    page: (origin = dashboard, sender = {}) =>
      createSend((message) => raw(message, { ...pageSender(origin), ...sender })),
    revive: () => startHarness(standin, world, false, prepare),
    beside: () => startHarness(standin, world, true),
  };
}

function openPort(sender: Sender, serve: ReturnType<typeof createPortRouter>): OpenedPort {
  const received: unknown[] = [];
  const waiting = new Map<number, (reply: unknown) => void>();
  let isClosed = false;
  let lastId = 0;
  const listeners = {
    message: (_message: unknown): void => undefined,
    closed: (): void => undefined,
  };
  const post = (message: unknown): void => {
    listeners.message(message);
  };
  serve({
    sender,
    post: (message) => {
      if (isClosed || message === portOpened) return;
      received.push(message);
      const { id, reply } = message as NumberedReply;
      waiting.get(id)?.(reply);
    },
    onMessage: (listener) => (listeners.message = listener),
    onClosed: (listener) => (listeners.closed = listener),
    close: () => {
      isClosed = true;
      for (const settle of waiting.values()) settle(undefined);
    },
  });
  return {
    post,
    received,
    isClosed: () => isClosed,
    end: () => {
      isClosed = true;
      listeners.closed();
    },
    send: createSend((message) => {
      const reply = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, reply.resolve);
      post({ ...(message as object), id: lastId });
      return reply.promise;
    }),
  };
}

/** What the browser says of our own popup. */
export const uiSender: Sender = {
  id: self.id,
  origin: self.origin,
  url: `${self.origin}/popup/index.html`,
};

/** What the browser says of the content script in a top document. */
export function pageSender(origin: string): Sender {
  return {
    id: self.id,
    origin,
    url: `${origin}/`,
    frameId: 0,
    tabId: 7,
    documentId: 'document-1',
    documentLifecycle: 'active',
  };
}

/** The id of the other extension that tests have call, unless they name one. */
export const helperId = 'aabbccddeeffgghhiijjkkllmmnnoopp';
/** The key of its grant. */
export const helperKey = `extension:${helperId}` as Origin;

/** What Chrome says of the service worker of another extension. */
export function extensionSender(id = helperId): Sender {
  return { id, url: `chrome-extension://${id}/worker.js` };
}

/** A draft that can be saved. */
export function aDraft(changes: Partial<ClientDraft> = {}): ClientDraft {
  return {
    ...blankDraft('atlassian-cloud'),
    name: 'Team',
    clientId: 'team-client',
    clientSecret: 'team-secret-0123456789abcdef0123456789',
    ...changes,
  };
}

/** Saves a client and registers it with the stand-in. */
export async function addClient(
  harness: Pick<Harness, 'ui'>,
  standin: Standin,
  draft = aDraft(),
): Promise<ClientView> {
  const client = await harness.ui('client.create', { client: draft });
  standin.apps.add({
    clientId: draft.clientId,
    clientSecret: draft.clientSecret ?? '',
    callbackUrls: [client.redirectUri],
    name: draft.name,
  });
  if (!client.redirectUri.startsWith(redirectBase))
    throw new Error('a redirect URI of another browser');
  return client;
}

/** Grants the host permissions that a client needs, as the person does in the browser's prompt. */
export async function allowHosts(
  { ui, world }: Pick<Harness, 'ui' | 'world'>,
  { id }: ClientView,
): Promise<void> {
  const { missingHostPatternsOf } = await ui('overview.get', {});
  for (const pattern of missingHostPatternsOf[id] ?? []) world.hosts.add(pattern);
}

/** Runs a sign-in to its end, whatever the end is; with a session, one that renews it. */
export async function runFlow(
  harness: Pick<Harness, 'ui'>,
  client: ClientView,
  session?: SessionView,
): Promise<FlowView> {
  const renewed = session && { sessionId: session.id };
  const { id } = await harness.ui('flow.create', { clientId: client.id, ...renewed });
  for (;;) {
    // By its id: the overview has an outcome only as long as it is true.
    const { id: _id, ...flow } = await harness.ui('flow.get', { id });
    if (flow.state !== 'waiting' && flow.state !== 'exchanging') return flow;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A client, signed in. */
export async function signedIn(
  harness: Harness,
  standin: Standin,
  draft = aDraft(),
): Promise<{ client: ClientView; session: SessionView }> {
  const client = await addClient(harness, standin, draft);
  const flow = await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId);
  if (!session) throw new Error(`sign-in ended with ${flow.fault?.code ?? 'nothing'}`);
  return { client, session };
}

/** The sites that the window of a question offers. */
export async function offeredSites(
  { ui }: Pick<Harness, 'ui'>,
  askId: string,
): Promise<readonly SiteRow[]> {
  const { rows } = await ui('site.find', { askId, filter: '', offset: 0, limit: 60 });
  return rows;
}

/** Connects an origin to all sites of a session, or to some, as the popup does. */
export async function connect(
  harness: Pick<Harness, 'ui' | 'world'>,
  session: SessionView,
  options: Partial<GrantAnswer> & { origin?: Origin; sites?: SessionView['sites'] } = {},
): Promise<void> {
  const { origin = dashboard, access = 'read', sites = session.sites, paths, ...answer } = options;
  harness.world.hosts.add(`${origin}/*`);
  const wanted = sites.map(({ cloudId, product }) => ({ cloudId, product, sessionId: session.id }));
  await harness.ui('grant.prepare', {
    origin,
    sites: wanted,
    access,
    ...answer,
    ...(paths && { paths: [...paths] }),
  });
}
