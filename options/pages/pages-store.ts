import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import { grantRequest } from '#ui/sites/connect-terms.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import { createGrantActions, granteeText, type GrantActions } from '#ui/state/grant-actions.ts';
import { createPendingActions, type PendingActions } from '#ui/state/pending-actions.ts';
import { maxRows, type GrantRow, type Listed } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import type { TabTexts } from '../tab/tab-texts.ts';
import { createGrantForm, isSameForm, type GrantForm } from './grant-form.ts';
import { createKeptEdits } from './kept-edits.ts';

/** Dependencies of the connected pages. */
export interface PagesPorts extends HostPermissionPorts {
  readonly tabTexts: TabTexts;
}

/** Which connections are listed. */
export interface WantedPages {
  readonly filter: string;
  readonly offset: number;
}

/** The connected pages and extensions, and the one that is open. */
export interface PagesStore extends GrantActions {
  readonly wanted: ReadonlySignal<WantedPages>;
  /** Undefined until the first response. */
  readonly list: ReadonlySignal<Listed<GrantRow> | undefined>;
  /** Why the last request failed. */
  readonly loadFault: ReadonlySignal<Fault | undefined>;
  readonly openOrigin: ReadonlySignal<Origin | undefined>;
  /** The row of the open connection; undefined until it is loaded, and when there is none. */
  readonly openRow: ReadonlySignal<GrantRow | undefined>;
  /** The open connection as it is. */
  readonly grant: ReadonlySignal<GrantView | undefined>;
  /** Its form. */
  readonly form: ReadonlySignal<GrantForm | undefined>;
  /** Whether there is no connection of the open origin. */
  readonly isGone: ReadonlySignal<boolean>;
  /** The connection that was saved last, until it is changed again. */
  readonly savedOrigin: ReadonlySignal<Origin | undefined>;
  readonly isAskingToDisconnect: ReadonlySignal<boolean>;
  readonly pendingActions: PendingActions;
  readonly hasUnsaved: () => boolean;
  /** Whether a connection has changes that are not saved. */
  readonly isUnsaved: (origin: Origin) => boolean;
  /** Called when the view is opened, and for another connection. */
  readonly open: (origin: Origin | undefined) => Promise<void>;
  /** Loads what is shown; never rejects. */
  readonly load: () => Promise<void>;
  /** Lists other connections, from the first one unless `part` has an offset. */
  readonly find: (part: Partial<WantedPages>) => Promise<void>;
  /** Requests the browser's permission where it is withheld. Only works within a click, before any `await`. */
  readonly save: () => Promise<void>;
  /** Undoes what is not saved. */
  readonly cancel: () => Promise<void>;
  readonly pause: (origin: Origin, isPaused: boolean) => Promise<void>;
  readonly askToDisconnect: (isAsking: boolean) => void;
  /** Resolves to whether it succeeded. */
  readonly disconnect: (origin: Origin) => Promise<boolean>;
  readonly allowAgain: (origin: Origin) => Promise<void>;
}

/** @param reloadOverview - loads what the options page shows beside the lists */
export function createPagesStore(
  ports: PagesPorts,
  reloadOverview: () => Promise<void>,
): PagesStore {
  const { send } = ports;
  const list = createList(ports);
  const opened = createOpened(ports, list.report);
  const load = async (): Promise<void> => {
    await Promise.all([list.load(), opened.load()]);
  };
  const pendingActions = createPendingActions(async () => {
    await Promise.all([load(), reloadOverview()]);
  });
  const isAskingToDisconnect = signal(false);
  return {
    wanted: list.wanted,
    list: list.list,
    loadFault: list.fault,
    find: list.find,
    openOrigin: opened.origin,
    openRow: opened.row,
    grant: opened.grant,
    form: opened.form,
    isGone: opened.isGone,
    hasUnsaved: opened.hasUnsaved,
    isUnsaved: opened.isUnsaved,
    isAskingToDisconnect,
    pendingActions,
    open: async (wanted) => {
      if (wanted !== opened.origin.peek()) {
        opened.change(wanted);
        isAskingToDisconnect.value = false;
        pendingActions.dismiss();
      }
      await load();
    },
    load,
    ...createSaving(ports, pendingActions, opened),
    ...createGrantActions(ports, pendingActions),
    askToDisconnect: (isAsking) => {
      isAskingToDisconnect.value = isAsking;
    },
    pause: (origin, isPaused) =>
      pendingActions.runAndReload('pause', () => send('grant.pause', { origin, isPaused })),
    disconnect: async (origin) => {
      const { run, say } = pendingActions;
      const isDone = await run('disconnect', () => send('grant.remove', { origin }));
      if (isDone) {
        opened.forget(origin);
        say({ text: ['said_disconnected', granteeText(origin)] });
      }
      isAskingToDisconnect.value = false;
      await Promise.all([load(), reloadOverview()]);
      return isDone;
    },
    allowAgain: (origin) => {
      const answer = ports.requestHostPatterns([ports.hostPattern(origin)]);
      return pendingActions.runAndReload('allow', async () => {
        if (!(await answer)) pendingActions.say({ text: ['page_still_withheld'], isWarning: true });
      });
    },
  };
}

function createList({ send }: PagesPorts) {
  const wanted = signal<WantedPages>({ filter: '', offset: 0 });
  const list = signal<Listed<GrantRow> | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  let last = 0;
  const load = async (): Promise<void> => {
    last += 1;
    const own = last;
    try {
      const found = await send('grant.find', { ...wanted.peek(), limit: maxRows });
      if (own !== last) return;
      list.value = found;
      fault.value = undefined;
    } catch (thrown) {
      if (own === last) fault.value = toFault(thrown);
    }
  };
  return {
    wanted,
    list,
    fault,
    load,
    report: (thrown: unknown) => {
      fault.value = toFault(thrown);
    },
    find: (part: Partial<WantedPages>) => {
      wanted.value = { ...wanted.peek(), offset: 0, ...part };
      return load();
    },
  };
}

type Opened = ReturnType<typeof createOpened>;

/** The open connection. The form of one that has changes is kept while another one is open. */
function createOpened({ send, tabTexts }: PagesPorts, report: (thrown: unknown) => void) {
  const origin = signal<Origin | undefined>(undefined);
  const grant = signal<GrantView | undefined>(undefined);
  const row = signal<GrantRow | undefined>(undefined);
  const isGone = signal(false);
  const forms = signal<ReadonlyMap<Origin, GrantForm>>(new Map());
  const kept = createKeptEdits(tabTexts);
  /** Those whose form is made anew when they are loaded: their changes were saved or undone. */
  const settled = new Set<Origin>();
  const forget = (one: Origin): void => {
    kept.write(one, undefined);
    forms.value = new Map([...forms.peek()].filter(([other]) => other !== one));
  };

  effect(() => {
    for (const [one, form] of forms.value) kept.write(one, form.edits.value);
  });

  async function show(found: GrantView): Promise<void> {
    const earlier = forms.peek().get(found.origin);
    const isSettled = settled.delete(found.origin);
    const isKept =
      earlier !== undefined &&
      !isSettled &&
      (earlier.edits.peek() !== undefined || isSameForm(earlier.grant, found));
    const edits = isSettled ? undefined : kept.read(found.origin);
    const form = isKept ? earlier : createGrantForm(send, found, edits);
    // The earlier rows stay until the new ones are there.
    await form.list.reload();
    if (!isKept) forms.value = new Map([...forms.peek(), [found.origin, form]]);
  }

  async function load(): Promise<void> {
    const wanted = origin.peek();
    if (wanted === undefined) return;
    try {
      const found = await send('grant.get', { origin: wanted });
      const { rows } = await send('grant.find', { filter: wanted, offset: 0, limit: maxRows });
      if (origin.peek() !== wanted) return;
      isGone.value = false;
      grant.value = found;
      row.value = rows.find((one) => one.origin === wanted);
      await show(found);
    } catch (thrown) {
      if (origin.peek() !== wanted) return;
      if (toFault(thrown).code !== 'not_connected') {
        report(thrown);
        return;
      }
      isGone.value = true;
      grant.value = undefined;
      row.value = undefined;
      forget(wanted);
    }
  }

  return {
    origin,
    grant,
    row,
    isGone,
    form: computed(() => (origin.value === undefined ? undefined : forms.value.get(origin.value))),
    change: (wanted: Origin | undefined): void => {
      origin.value = wanted;
      grant.value = undefined;
      row.value = undefined;
      isGone.value = false;
    },
    load,
    forget,
    settle: (one: Origin): void => void settled.add(one),
    hasUnsaved: () => kept.hasAny(),
    isUnsaved: (one: Origin) =>
      forms.value.get(one)?.edits.value !== undefined || kept.read(one) !== undefined,
  };
}

function createSaving(
  { send, hostPattern, requestHostPatterns }: PagesPorts,
  { runAndReload, say }: PendingActions,
  opened: Opened,
): Pick<PagesStore, 'save' | 'cancel' | 'savedOrigin'> {
  const saved = signal<Origin | undefined>(undefined);
  return {
    savedOrigin: computed(() =>
      opened.form.value?.edits.value === undefined ? saved.value : undefined,
    ),
    save: async () => {
      const form = opened.form.peek();
      if (form === undefined) return;
      const { origin } = form.grant;
      const request = grantRequest(origin, form.list.chosen.peek(), form.terms.peek());
      if (request === undefined) return;
      const prepared = send('grant.prepare', request);
      // A page whose permission is withheld needs it for its connection to be changed.
      const answer = isExtension(origin)
        ? Promise.resolve(true)
        : requestHostPatterns([hostPattern(origin)], prepared);
      await runAndReload('save', async () => {
        const [isAllowed] = await Promise.all([answer, prepared]);
        if (isAllowed) {
          // It is said here, and need not be said by the popup.
          await send('grant.dismiss', {});
          opened.settle(origin);
          saved.value = origin;
          return;
        }
        await send('grant.unprepare', { origin });
        say({ text: ['page_still_withheld'], isWarning: true });
      });
    },
    cancel: async () => {
      const form = opened.form.peek();
      if (form !== undefined) opened.settle(form.grant.origin);
      saved.value = undefined;
      await opened.load();
    },
  };
}
