/**
 * Registers the listeners of all events in the first turn of the event loop: the event that started the worker is lost
 * if its listener is added later. The listeners wait until the services are composed.
 */
import { onAlarm } from '#browser/alarms.ts';
import { onNotificationClicked } from '#browser/badge-and-notifications.ts';
import { whenUpdatable, withKeepAlive } from '#browser/keep-alive.ts';
import { onInstalled, onStart, onUpdateAvailable, reload } from '#browser/lifecycle.ts';
import {
  onExternalMessage,
  onExternalPort,
  onMessage,
  onPort,
} from '#browser/messages/background-messages.ts';
import { onHostsAdded, onHostsRemoved } from '#browser/pages/permissions.ts';
import { onManagedChanged } from '#browser/storage/storage-area.ts';
import { onWindowClosed } from '#browser/windows.ts';
import { persistStorage } from '#target/storage.ts';
import { compose, type Background } from './compose.ts';
import { eraseUnread } from './erase/erase.ts';
import { createExternalPortRouter, createExternalRouter } from './messages/external-router.ts';
import { createPortRouter, createRouter } from './messages/router.ts';
import { createWaitingCommands } from './messages/waiting-commands.ts';
import { realWorld, self } from './real-world.ts';

const messageContext = {
  self,
  recipient: background,
  waiting: createWaitingCommands(),
  eraseUnread: async () => {
    const erased = eraseUnread(realWorld);
    restart(erased);
    await erased;
  },
};
const restart = (erased: Promise<void>): void => {
  composed = erased.then(start);
  // Everything was erased: what the organization's policy gives is there again.
  const refresh = (): void => {
    whenReady(({ policy }) => policy.refresh());
  };
  erased.then(refresh, () => undefined);
};
const start = (): Promise<Background> => withKeepAlive(() => compose({ ...realWorld, restart }));
let composed = start();

/** Composes the services once. After a failure, e.g. of the storage, the next call tries again, once for all that wait. */
function background(): Promise<Background> {
  const awaited = composed;
  return awaited.catch(() => {
    if (composed === awaited) composed = start();
    return composed;
  });
}

/** Calls back when the services are composed. A failure is ignored here: every command reports it. */
function whenReady(act: (ready: Background) => Promise<void> | void): void {
  withKeepAlive(async () => act(await background())).catch(() => undefined);
}

onMessage(createRouter(messageContext));
onPort(createPortRouter(messageContext));
onExternalMessage(createExternalRouter(messageContext));
onExternalPort(createExternalPortRouter(messageContext));
onHostsAdded(() => {
  whenReady(({ grants }) => grants.settlePending());
  whenReady(({ signIn }) => signIn.startPrepared());
});
onHostsRemoved(() => {
  whenReady(({ grants }) => grants.followPermissions());
});
onWindowClosed((windowId) => {
  whenReady(({ questions }) => {
    questions.windowClosed(windowId);
  });
});
onAlarm(() => {
  whenReady(({ upkeep }) => upkeep.run());
  whenReady(({ policy }) => policy.refresh());
});
onManagedChanged(() => {
  whenReady(({ policy }) => policy.refresh());
});
onNotificationClicked((id) => {
  whenReady(({ consentAlerts }) => consentAlerts.clicked(id));
});
onInstalled(() => {
  whenReady(({ firstRun }) => firstRun.open());
});
onUpdateAvailable(() => {
  whenUpdatable(reload);
});
// With a listener, the browser starts the worker when it starts itself. The other work is done at every start of the worker.
onStart(persistStorage);
whenReady(({ grants }) => grants.followPermissions());
whenReady(({ policy }) => policy.refresh());
// Does what was due while alarms were missed, e.g. because the computer slept.
whenReady(({ upkeep }) => upkeep.run());
