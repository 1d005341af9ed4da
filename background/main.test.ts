import { expect, test, vi } from 'vitest';

type Listener = (argument?: unknown) => void;
const listeners = new Map<string, Listener>();
const register =
  (name: string) =>
  (listener: Listener): void =>
    void listeners.set(name, listener);
const background = {
  handlers: {},
  grants: {
    followPermissions: vi.fn(),
    settlePending: vi.fn(),
  },
  questions: { windowClosed: vi.fn() },
  signIn: { startPrepared: vi.fn() },
  upkeep: { run: vi.fn() },
  consentAlerts: { clicked: vi.fn() },
  firstRun: { open: vi.fn() },
  policy: { refresh: vi.fn() },
};
const reload = vi.fn();
const persistStorage = vi.fn();
vi.mock('#browser/alarms.ts', () => ({ onAlarm: register('alarm') }));
vi.mock('#browser/badge-and-notifications.ts', () => ({
  onNotificationClicked: register('notification'),
}));
vi.mock('#browser/keep-alive.ts', () => ({
  whenUpdatable: (act: () => void) => {
    act();
  },
  withKeepAlive: (work: () => Promise<unknown>) => work(),
}));
vi.mock('#browser/lifecycle.ts', () => ({
  onInstalled: register('installed'),
  onStart: register('start'),
  onUpdateAvailable: register('update'),
  reload,
}));
vi.mock('#browser/messages/background-messages.ts', () => ({
  onExternalMessage: register('external message'),
  onExternalPort: register('external port'),
  onMessage: register('message'),
  onPort: register('port'),
}));
vi.mock('#browser/pages/permissions.ts', () => ({
  onHostsAdded: register('hosts added'),
  onHostsRemoved: register('hosts removed'),
}));
vi.mock('#browser/storage/storage-area.ts', () => ({
  onManagedChanged: register('policy changed'),
}));
vi.mock('#browser/windows.ts', () => ({ onWindowClosed: register('window closed') }));
vi.mock('#target/storage.ts', () => ({ persistStorage }));
vi.mock('./real-world.ts', () => ({ realWorld: {}, self: {} }));
interface ItsWorld {
  readonly restart: (erased: Promise<void>) => void;
}
const compose = vi.fn((_world: ItsWorld) => Promise.resolve(background));
vi.mock('./compose.ts', () => ({ compose }));
await import('./main.ts');
/** The listeners of the first turn, before the services are composed. */
const registered = [...listeners.keys()];
await new Promise((resolve) => setTimeout(resolve));
const { grants, upkeep } = background;
const { restart } = compose.mock.calls[0]?.[0] ?? {};
const atStart = [grants.followPermissions, upkeep.run].map(({ mock }) => mock.calls.length);

test('the listeners of all events are registered in the first turn', () => {
  expect(registered.sort()).toEqual([
    'alarm',
    'external message',
    'external port',
    'hosts added',
    'hosts removed',
    'installed',
    'message',
    'notification',
    'policy changed',
    'port',
    'start',
    'update',
    'window closed',
  ]);
});

test('each start follows the permissions and does what was due', () => {
  expect(atStart).toEqual([1, 1]);
});

test.each([
  ['hosts removed', 'suspends grants', background.grants.followPermissions, undefined],
  ['hosts added', 'applies pending grants', background.grants.settlePending, undefined],
  ['hosts added', 'starts a prepared sign-in', background.signIn.startPrepared, undefined],
  ['window closed', 'refuses its question', background.questions.windowClosed, 7],
  ['start', 'asks to keep what is stored', persistStorage, undefined],
  ['installed', 'opens the first run', background.firstRun.open, undefined],
  ['alarm', 'does what is due', background.upkeep.run, undefined],
  ['notification', 'is told', background.consentAlerts.clicked, 'id'],
  ['update', 'reloads', reload, undefined],
])('the event "%s" %s', async (event, _, act, argument) => {
  act.mockClear();
  listeners.get(event)?.(argument);
  await new Promise((resolve) => setTimeout(resolve));
  if (argument === undefined) expect(act).toHaveBeenCalledOnce();
  else expect(act).toHaveBeenCalledExactlyOnceWith(argument);
});

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Three events happen while everything is erased; then that ends. */
async function eventsWhileErasing(end: (erasure: PromiseWithResolvers<undefined>) => void) {
  const erasure = Promise.withResolvers<undefined>();
  restart?.(erasure.promise.then(() => undefined));
  compose.mockClear();
  upkeep.run.mockClear();
  for (let event = 0; event < 3; event += 1) listeners.get('alarm')?.();
  await turn();
  expect([compose, upkeep.run].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  end(erasure);
  await turn();
}

test('what happens while everything is erased waits for services that are composed after it', async () => {
  background.policy.refresh.mockClear();
  await eventsWhileErasing(({ resolve }) => {
    resolve(undefined);
  });
  expect([compose, upkeep.run].map(({ mock }) => mock.calls.length)).toEqual([1, 3]);
  // That of each alarm, and one that applies the policy again.
  expect(background.policy.refresh).toHaveBeenCalledTimes(4);
});

test('an erasure that failed is tried again once for all that waited, and then at the next event', async () => {
  compose.mockImplementation(() => Promise.reject(new Error('erasing')));
  await eventsWhileErasing(({ reject }) => {
    reject(new Error('erasing'));
  });
  expect([compose, upkeep.run].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  compose.mockImplementation(() => Promise.resolve(background));
  listeners.get('alarm')?.();
  await turn();
  expect([compose, upkeep.run].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
});
