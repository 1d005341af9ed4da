import { signal, type ReadonlySignal } from '@preact/signals';
import type { Fault } from '#core/values/fault.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import { createViewStore } from '#ui/state/view-store.ts';
import type { AboutView } from '#wire/about-view.ts';
import type { Send } from '#wire/send.ts';
import { diagnosticsText, type Build } from './diagnostics.ts';

/** Dependencies of the view. */
export interface AboutPorts {
  readonly send: Send;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
  readonly build: Build;
  /** Loads the page, and all others of the options, without what was typed in them. */
  readonly startAnew: () => void;
  /** Whether that happened just before this page was loaded. */
  readonly wasErasedHere: boolean;
}

/** What the extension is and holds, and the erasure of everything. */
export interface AboutStore {
  readonly build: Build;
  /** Undefined until it is loaded, and when it cannot be. */
  readonly view: ReadonlySignal<AboutView | undefined>;
  readonly loadFault: ReadonlySignal<Fault | undefined>;
  readonly load: () => Promise<void>;
  /** Whether the diagnostics as they are now were copied. */
  readonly isCopied: ReadonlySignal<boolean>;
  readonly copyDiagnostics: () => Promise<void>;
  /** Whether the person is asked if everything is to be erased. */
  readonly isAsked: ReadonlySignal<boolean>;
  readonly ask: () => void;
  readonly keep: () => void;
  /** Erases everything. The page that is loaded then reports it. */
  readonly erase: () => Promise<void>;
}

export function createAboutStore(ports: AboutPorts, pendingActions: PendingActions): AboutStore {
  const { send, build } = ports;
  const { view, loadFault, reload } = createViewStore(() => send('about.get', {}));
  const isCopied = signal(false);
  const isAsked = signal(false);
  if (ports.wasErasedHere) pendingActions.say({ text: ['erased'] });
  return {
    build,
    view,
    loadFault,
    load: async () => {
      isCopied.value = false;
      await reload();
    },
    isCopied,
    copyDiagnostics: async () => {
      const about = view.value;
      if (about === undefined) return;
      isCopied.value = await ports.copyText(diagnosticsText(about, build));
    },
    isAsked,
    ask: () => {
      isAsked.value = true;
    },
    keep: () => {
      isAsked.value = false;
    },
    erase: () =>
      pendingActions.runAndReload('erase', async () => {
        await send('everything.erase', {});
        ports.startAnew();
      }),
  };
}
