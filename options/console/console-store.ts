import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { profileOf } from '#core/provider/provider-profile.ts';
import { grantedSite } from '#core/grant/page-grant.ts';
import { parsePathTemplates, type PathTemplate } from '#core/operations/path-templates.ts';
import type { ConsoleExplanation } from '#wire/console.ts';
import type { SiteRow } from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';
import type { ClientView } from '#wire/views.ts';
import { createConsoleCalls, type ConsoleCalls } from './console-calls.ts';
import type { TabTexts } from '../tab/tab-texts.ts';
import { hasBody, keepDraft, keptDraft, type ConsoleDraft } from './console-draft.ts';
import type { CopiedCall } from './copied-call.ts';
import { formattedJson, jsonProblem, type JsonProblem } from './json-text.ts';
import { latestOnly } from './latest.ts';
import { firstPlaceholder } from './path-completion.ts';
import { createSiteSearch, type SiteSearch } from './site-search.ts';

/** What the console needs. */
export interface ConsolePorts {
  readonly send: Send;
  readonly copyText: (text: string) => Promise<void>;
  /** Offers a text as a file. */
  readonly download: (fileName: string, text: string) => void;
  readonly tabTexts: TabTexts;
  /** Reads the table of operations of the package. */
  readonly readOperations: () => Promise<string>;
}

/** A field of the form. */
export type ConsoleField = 'site' | 'path' | 'body';

/** The console: what is typed, what it would come to, and the last call. */
export interface ConsoleStore extends ConsoleCalls {
  readonly draft: ReadonlySignal<ConsoleDraft>;
  readonly sites: SiteSearch;
  /** The chosen site; undefined until it is chosen and found. */
  readonly site: ReadonlySignal<SiteRow | undefined>;
  /** The client of the chosen site's session. */
  readonly client: ReadonlySignal<ClientView | undefined>;
  /** The published paths; none while they are not known. */
  readonly templates: ReadonlySignal<readonly PathTemplate[]>;
  /** What the call would come to; undefined while that is not known. */
  readonly explanation: ReadonlySignal<ConsoleExplanation | undefined>;
  /** Where the body stops being JSON; undefined for JSON, and for none. */
  readonly bodyProblem: ReadonlySignal<JsonProblem | undefined>;
  /** The fields that have to be filled in, after an attempt to send. */
  readonly missing: ReadonlySignal<ConsoleField | undefined>;
  /** The call, to be copied; undefined while it is not known where it goes. */
  readonly copied: ReadonlySignal<CopiedCall | undefined>;
  /** Whether requests of the client are signed, by OAuth 1.0a. */
  readonly isSigned: ReadonlySignal<boolean>;
  readonly set: (part: Partial<Omit<ConsoleDraft, 'site'>>) => void;
  readonly chooseSite: (site: SiteRow) => void;
  readonly formatBody: () => void;
  /** When the view is opened, and when the worker reports a change. */
  readonly open: () => Promise<void>;
  /** Sends the call; returns the first field that is missing, if any. */
  readonly submit: () => ConsoleField | undefined;
  readonly copyText: (text: string) => Promise<boolean>;
  readonly download: ConsolePorts['download'];
}

export function createConsoleStore(
  ports: ConsolePorts,
  clients: ReadonlySignal<readonly ClientView[] | undefined>,
): ConsoleStore {
  const draft = signal(keptDraft(ports.tabTexts));
  const sites = createSiteSearch(ports.send);
  const site = signal<SiteRow | undefined>(undefined);
  const templates = signal<readonly PathTemplate[]>([]);
  const missing = signal<ConsoleField | undefined>(undefined);
  const client = computed(() => clients.value?.find(({ id }) => id === site.value?.clientId));
  const calls = createConsoleCalls(ports.send);
  const { explanation, explain } = createExplanations(ports.send, draft);
  const change = (next: ConsoleDraft): void => {
    draft.value = next;
    missing.value = undefined;
    keepDraft(ports.tabTexts, next);
    explain(next);
  };
  const bodyProblem = computed(() => {
    const { body } = draft.value;
    return !hasBody(draft.value) || body.trim() === '' ? undefined : jsonProblem(body);
  });
  return {
    ...calls,
    draft,
    sites,
    site,
    client,
    templates,
    explanation,
    bodyProblem,
    missing,
    copied: computed(() => copiedCall(draft.value, site.value, client.value, explanation.value)),
    isSigned: computed(() => client.value !== undefined && isSigned(client.value)),
    set: (part) => {
      change({ ...draft.peek(), ...part });
    },
    chooseSite: (row) => {
      site.value = row;
      change({ ...draft.peek(), site: grantedSite(row) });
    },
    formatBody: () => {
      const body = formattedJson(draft.peek().body);
      if (body !== undefined) change({ ...draft.peek(), body });
    },
    open: async () => {
      if (templates.peek().length === 0) void loadTemplates();
      const chosen = draft.peek().site;
      if (chosen !== undefined) {
        const row = await sites.find(chosen);
        // Another one may have been chosen meanwhile: what is shown is what is called.
        if (draft.peek().site === chosen) site.value = row;
      }
      explain(draft.peek());
    },
    submit: () => {
      const wrong = fieldToFill(draft.peek(), site.peek(), bodyProblem.peek());
      missing.value = wrong;
      if (wrong === undefined) calls.call(draft.peek());
      return wrong;
    },
    copyText: (text) =>
      ports.copyText(text).then(
        () => true,
        () => false,
      ),
    download: ports.download,
  };

  async function loadTemplates(): Promise<void> {
    // Without them no path is proposed.
    templates.value = await ports
      .readOperations()
      .then(parsePathTemplates)
      .catch(() => []);
  }
}

function createExplanations(
  send: Send,
  draft: ReadonlySignal<ConsoleDraft>,
): {
  readonly explanation: ReadonlySignal<ConsoleExplanation | undefined>;
  readonly explain: (draft: ConsoleDraft) => void;
} {
  const last = signal<{ readonly of: string; readonly value: ConsoleExplanation } | undefined>(
    undefined,
  );
  const explain = latestOnly(async (wanted: ConsoleDraft) => {
    const { site, method, path } = wanted;
    if (site === undefined || path === '' || firstPlaceholder(path) !== undefined) return;
    const value = await send('console.explain', { site, method, path }).catch(() => undefined);
    last.value = value && { of: keyOf(wanted), value };
  });
  const explanation = computed(() =>
    last.value?.of === keyOf(draft.value) ? last.value.value : undefined,
  );
  return { explanation, explain };
}

function keyOf({ site, method, path }: ConsoleDraft): string {
  return JSON.stringify([site, method, path]);
}

function fieldToFill(
  { path }: ConsoleDraft,
  site: SiteRow | undefined,
  bodyProblem: JsonProblem | undefined,
): ConsoleField | undefined {
  if (site === undefined) return 'site';
  if (path === '' || firstPlaceholder(path) !== undefined) return 'path';
  return bodyProblem === undefined ? undefined : 'body';
}

function copiedCall(
  draft: ConsoleDraft,
  site: SiteRow | undefined,
  client: ClientView | undefined,
  explanation: ConsoleExplanation | undefined,
): CopiedCall | undefined {
  const url = explanation?.url;
  if (site === undefined || client === undefined || url === undefined) return undefined;
  const isAtGateway = !url.startsWith(`${site.url}/`);
  // By a URL of its cloud site, a page reaches Confluence below /wiki alone.
  const isWithoutWiki =
    isAtGateway && site.product === 'confluence' && !draft.path.startsWith('/wiki/');
  const path = `${isWithoutWiki ? '/wiki' : ''}${draft.path}`;
  return {
    method: draft.method,
    url,
    pageUrl: draft.path.startsWith('/') ? `${site.url}${path}` : draft.path,
    body: hasBody(draft) ? draft.body.trim() : '',
    isReading: explanation?.isReading ?? true,
    ownHeaders: Object.entries(client.requestHeaders ?? {}),
  };
}

function isSigned({ type }: ClientView): boolean {
  return profileOf(type).protocol === 'oauth1';
}
