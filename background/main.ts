/**
 * Every event that the program can receive, registered in the first turn: an event that woke the worker
 * is lost if its listener comes later. Handlers wait for one composition.
 */
import { onAlarm } from '../extension/browser/alarms.ts';
import { onNotificationClicked } from '../extension/browser/badge-and-notifications.ts';
import { whenIdle } from '../extension/browser/keep-alive.ts';
import { onStart, onUpdateAvailable, reload } from '../extension/browser/lifecycle.ts';
import {
  onMessage,
  refuseExternalMessages,
} from '../extension/browser/messages/background-messages.ts';
import { onHostsAdded, onHostsRemoved } from '../extension/browser/pages/permissions.ts';
import { onWindowClosed } from '../extension/browser/windows.ts';
import { compose, type Background } from './compose.ts';
import { createRouter } from './messages/router.ts';
import { realWorld, self } from './real-world.ts';

let composed = compose(realWorld);

/** A store that failed may work the next time: whoever asks then finds a new composition. */
function background(): Promise<Background> {
  composed = composed.catch(() => compose(realWorld));
  return composed;
}

/** Runs when the background is ready; a store that cannot be used is told by every command instead. */
function whenReady(act: (ready: Background) => Promise<void> | void): void {
  background()
    .then(act)
    .catch(() => undefined);
}

onMessage(createRouter({ self, handlers: async () => (await background()).handlers }));
refuseExternalMessages();
onHostsAdded(() => {
  whenReady(({ grants }) => grants.settlePending());
  whenReady(({ signIn }) => signIn.startPrepared());
});
onHostsRemoved(() => {
  whenReady(({ grants }) => grants.removeWithdrawn());
});
onWindowClosed((windowId) => {
  whenReady(({ questions }) => {
    questions.windowClosed(windowId);
  });
});
onAlarm(() => {
  whenReady(({ upkeep }) => upkeep.run());
});
onNotificationClicked((id) => {
  whenReady(({ consentAlerts }) => consentAlerts.clicked(id));
});
// Never in the middle of a refresh, a sign-in or a call.
onUpdateAvailable(() => {
  whenIdle(reload);
});
// The browser's start wakes the worker; what there is to do then is done at every start of the worker.
onStart(() => undefined);
whenReady(({ grants }) => grants.restore());
// An alarm that was missed, as in a sleeping laptop, means that it happens now.
whenReady(({ upkeep }) => upkeep.run());
