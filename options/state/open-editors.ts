import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import {
  blankDraft,
  draftOf,
  type ClientDraft,
  type ClientId,
} from '#core/client/client-configuration.ts';
import { t } from '#ui/i18n.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { ClientView } from '#wire/views.ts';
import { createEditorStore, type EditorStore } from '../editor/editor-store.ts';
import type { TabTexts } from '../tab/tab-texts.ts';
import { createKeptDrafts } from './kept-drafts.ts';
import { hashOf, type Route } from './route.ts';

/** The open client forms. A form with unsaved changes is kept while another view is shown. */
export interface OpenEditors {
  /** The form of the route. */
  readonly editor: ReadonlySignal<EditorStore | undefined>;
  /** Whether that form was restored after a reload, without its secrets. */
  readonly isRestored: ReadonlySignal<boolean>;
  /** Closes the form of the route after it was saved or cancelled. */
  readonly close: () => void;
  /** Whether any form has unsaved changes. */
  readonly hasUnsaved: () => boolean;
}

/** Dependencies of the open forms. */
interface OpenEditorsPorts extends HostPermissionPorts {
  readonly tabTexts: TabTexts;
}

/** A form is created when its route is entered and the clients are loaded. */
export function createOpenEditors(
  ports: OpenEditorsPorts,
  route: ReadonlySignal<Route>,
  clients: ReadonlySignal<readonly ClientView[] | undefined>,
): OpenEditors {
  const editor = signal<EditorStore | undefined>(undefined);
  const kept = new Map<string, EditorStore>();
  const drafts = createKeptDrafts(ports.tabTexts);
  const restored = signal<EditorStore | undefined>(undefined);
  let shownFor: string | undefined;

  effect(() => {
    const key = keyOf(route.value);
    if (key !== undefined && clients.value === undefined) return;
    if (key === shownFor && editor.peek() !== undefined) return;
    shownFor = key;
    const earlier = key === undefined ? undefined : kept.get(key);
    const isKept = earlier?.isDirty.peek() === true;
    const shown = isKept ? earlier : untracked(() => editorFor(ports, route.value, clients));
    if (key !== undefined && shown !== undefined && !isKept) untracked(() => keep(key, shown));
    editor.value = shown;
  });

  /** Restores what was typed before a reload, then keeps what is typed until the form is closed. */
  function keep(key: string, shown: EditorStore): void {
    kept.set(key, shown);
    const typed = drafts.read(key);
    if (typed !== undefined) {
      shown.set(typed);
      restored.value = shown;
    }
    effect(() => {
      const draft = shown.isDirty.value ? shown.draft.value : undefined;
      drafts.write(key, draft);
    });
  }

  return {
    editor,
    isRestored: computed(() => editor.value !== undefined && editor.value === restored.value),
    close: () => {
      const key = shownFor ?? '';
      kept.delete(key);
      drafts.write(key, undefined);
      shownFor = undefined;
      editor.value = undefined;
    },
    hasUnsaved: () => [...kept.values()].some(({ isDirty }) => isDirty.peek()),
  };
}

/** Identifies the form of a route; undefined for other views. */
function keyOf(route: Route): string | undefined {
  if (!isEditing(route)) return undefined;
  return route.view === 'client' ? hashOf({ view: 'client', id: route.id }) : hashOf(route);
}

function isEditing({ view }: Route): boolean {
  return view === 'client' || view === 'new-client';
}

function editorFor(
  ports: HostPermissionPorts,
  route: Route,
  clients: ReadonlySignal<readonly ClientView[] | undefined>,
): EditorStore | undefined {
  const find = (id: ClientId | undefined) => clients.peek()?.find((client) => client.id === id);
  const original = route.view === 'client' ? find(route.id) : undefined;
  if (!isEditing(route) || (route.view === 'client' && original === undefined)) return undefined;
  const template = route.view === 'new-client' ? find(route.copyOf) : undefined;
  return createEditorStore({
    ...ports,
    original,
    start: startOf(original ?? template, template !== undefined),
    clients,
  });
}

function startOf(client: ClientView | undefined, isCopy: boolean): ClientDraft {
  if (client === undefined) return blankDraft('atlassian-cloud');
  return {
    ...draftOf(client),
    name: isCopy ? t('copy_of', client.name) : client.name,
    clientSecret: '',
  };
}
