import type { Fault, FieldProblem } from '#core/values/fault.ts';
import type { SettingName } from '#core/values/settings.ts';
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

/** What the organization's policy sets, in numbers, and what of it is not valid. */
export interface PolicyView {
  /** When it was applied last, in epoch milliseconds. */
  readonly appliedAtMs: number;
  readonly clientCount: number;
  readonly pageCount: number;
  readonly blockedCount: number;
  readonly settings: readonly SettingName[];
  readonly pointsPerHour?: number;
  /** The administrator's text for the person. */
  readonly updateText?: string;
  /** What is not applied, 100 at most; `field` is its JSON Pointer. */
  readonly problems: readonly FieldProblem[];
  /** How many there are. */
  readonly problemCount: number;
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
  /** Absent without a policy. */
  readonly policy?: PolicyView;
  /** The codes of the faults among the latest calls and questions that were recorded. */
  readonly recentFaults: readonly Counted[];
}
