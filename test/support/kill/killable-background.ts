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
  /** An alarm goes off: upkeep does what is due. Never resolves after the end. */
  readonly alarm: () => Promise<void>;
  /** Reads the organization's policy, as at a start. */
  readonly refreshPolicy: () => Promise<void>;
  readonly page: (origin?: string, sender?: Partial<Sender>) => Send;
}

/** Starts a background over a browser's stores, as a message or an alarm does that finds none alive. */
export function startKillable(browser: TestWorld, chance: Chance): KillableBackground {
  const world = killableWorld(browser, chance);
  const { life } = world;
  // As the product does: after a failure the next event tries again. Reads of the store fail when hours pass meanwhile.
  let composed = compose(world);
  composed.catch(() => undefined);
  const recipient = () => (composed = composed.catch(() => compose(world)));
  const context = { self, recipient, waiting: createWaitingCommands() };
  const listen = createRouter(context);
  const sendAs = (sender: Sender): Send =>
    createSend((message) => life.heard(Promise.resolve(listen(message, sender))));
  return {
    life,
    started: life.heard(recipient().then(() => undefined)),
    ui: sendAs(uiSender),
    alarm: () => life.heard(recipient().then(({ upkeep }) => upkeep.run())),
    refreshPolicy: () => life.heard(recipient().then(({ policy }) => policy.refresh())),
    page: (origin = dashboard, sender = {}) => sendAs({ ...pageSender(origin), ...sender }),
  };
}
