/**
 * Every event that the program can receive, registered in the first turn: an event that woke the worker
 * is lost if its listener comes later. Handlers wait for one composition.
 */
import { onMessage, refuseExternalMessages } from '../extension/browser/background-messages.ts';
import { onStart } from '../extension/browser/lifecycle.ts';
import { onHostsAdded, onHostsRemoved } from '../extension/browser/permissions.ts';
import { onWindowClosed } from '../extension/browser/windows.ts';
import { compose, type Background } from './compose.ts';
import { realWorld, self } from './real-world.ts';
import { createRouter } from './router.ts';

const background = compose(realWorld);

/** Runs when the background is ready; a store that cannot be used is told by every command instead. */
function whenReady(act: (ready: Background) => Promise<void> | void): void {
  background.then(act).catch(() => undefined);
}

onMessage(createRouter({ self, handlers: background.then(({ handlers }) => handlers) }));
refuseExternalMessages();
onHostsAdded(() => {
  whenReady(({ grants }) => grants.settlePending());
});
onHostsRemoved(() => {
  whenReady(({ grants }) => grants.dropWithdrawn());
});
onWindowClosed((windowId) => {
  whenReady(({ asks }) => {
    asks.windowClosed(windowId);
  });
});
// The browser's start wakes the worker; what there is to do then is done at every start of the worker.
onStart(() => undefined);
whenReady(({ grants }) => grants.restore());
// Session rules outlive the worker but not the browser, so each start makes sure of them.
realWorld.installRequestRules().catch(() => undefined);
