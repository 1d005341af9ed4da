import { compose } from '../../../background/compose.ts';
import { createRouter } from '../../../background/messages/router.ts';
import { createWaitingCommands } from '../../../background/messages/waiting-commands.ts';
import type { Sender } from '../../../extension/browser/messages/background-messages.ts';
import { createSend, type Send } from '../../../extension/wire/send.ts';
import type { Chance } from '../chance.ts';
import { dashboard, pageSender, self, uiSender } from '../harness.ts';
import type { TestWorld } from '../test-world.ts';
import { killableWorld, type Life } from './killable-world.ts';

/** A background that can be killed at any call of a port, over a browser that continues. */
export interface KillableBackground {
  readonly life: Life;
  /** Resolves when it has started. */
  readonly started: Promise<void>;
  /** As popup or options; answered after the start, and never after the end. */
  readonly ui: Send;
  readonly page: (origin?: string, sender?: Partial<Sender>) => Send;
}

/** Starts a background over a browser's stores, as a message or an alarm does that finds none alive. */
export function startKillable(browser: TestWorld, chance: Chance): KillableBackground {
  const world = killableWorld(browser, chance);
  const { life } = world;
  const composed = compose(world);
  composed.catch(() => undefined);
  const context = { self, recipient: () => composed, waiting: createWaitingCommands() };
  const listen = createRouter(context);
  const sendAs = (sender: Sender): Send =>
    createSend((message) => life.heard(Promise.resolve(listen(message, sender))));
  return {
    life,
    started: life.heard(composed.then(() => undefined)),
    ui: sendAs(uiSender),
    page: (origin = dashboard, sender = {}) => sendAs({ ...pageSender(origin), ...sender }),
  };
}
