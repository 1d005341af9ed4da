import type { Origin } from '#core/values/origin.ts';
import type { ConnectTerms } from '#ui/sites/connect-terms.ts';
import type { SelectedSite } from '#ui/sites/site-selection.ts';

/** The choices in a panel that was closed before the page was connected. */
export interface KeptDraft {
  readonly origin: Origin;
  readonly keptAtMs: number;
  readonly filter: string;
  readonly chosen: readonly SelectedSite[];
  readonly terms: ConnectTerms;
}

/** Where the choices are kept while the popup is closed: at most one draft. */
export interface DraftPorts {
  readonly read: () => Promise<unknown>;
  readonly keep: (draft: KeptDraft | undefined) => Promise<void>;
  readonly nowMs: () => number;
}

/** How long a draft is proposed again, in milliseconds. */
export const draftLifetimeMs = 10 * 60_000;

/** The draft for an origin; undefined when there is none, or when it is too old. */
export async function keptDraft(
  { read, nowMs }: DraftPorts,
  origin: Origin,
): Promise<KeptDraft | undefined> {
  // Written by this version of the popup alone: an update of the extension empties the storage.
  const draft = (await read().catch(() => undefined)) as KeptDraft | undefined;
  if (draft?.origin !== origin) return undefined;
  const age = nowMs() - draft.keptAtMs;
  return age < 0 || age > draftLifetimeMs ? undefined : draft;
}
