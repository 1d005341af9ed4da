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
vi.mock('./compose.ts', () => ({ compose: () => Promise.resolve(background) }));
await import('./main.ts');
/** The listeners of the first turn, before the services are composed. */
const registered = [...listeners.keys()];
await new Promise((resolve) => setTimeout(resolve));
const { grants, upkeep } = background;
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
