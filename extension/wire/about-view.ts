import type { Fault } from '#core/values/fault.ts';
import type { SettingsView } from './views.ts';

/** How much one copy of the store holds of one kind. */
export interface StoredAmount {
  /** The kind of the entries, by the prefix of their keys; `other` for what this version does not know. */
  readonly kind: string;
  readonly entries: number;
  /** The size as JSON, in bytes; a browser may need more or less. */
  readonly bytes: number;
}

/** Something and how often it occurs. */
export interface Counted {
  readonly of: string;
  readonly count: number;
}

/** What the extension is and holds: numbers and words of Threelo's own, except the members that say otherwise. */
export interface AboutView {
  /** The version of the stored data. */
  readonly schemaVersion: number;
  readonly amounts: {
    readonly local: readonly StoredAmount[];
    readonly mirror: readonly StoredAmount[];
    readonly session: readonly StoredAmount[];
  };
  /** What is wrong with the stored data. Names things that the person stored. */
  readonly storageFaults: readonly Fault[];
  /** By type. */
  readonly clients: readonly Counted[];
  /** By status. */
  readonly sessions: readonly Counted[];
  readonly siteCount: number;
  /** By state: `active`, `suspended`. */
  readonly connections: readonly Counted[];
  readonly denialCount: number;
  /** The hosts to which the browser gives access beside those of the manifest, as match patterns: of clients and pages. */
  readonly hostPatterns: readonly string[];
  /** How many hosts are needed and not allowed. */
  readonly missingHostCount: number;
  readonly settings: SettingsView;
  /** The codes of the faults among the latest calls and questions that were recorded. */
  readonly recentFaults: readonly Counted[];
}
