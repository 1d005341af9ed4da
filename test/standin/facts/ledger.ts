import type { StandinClock } from './clock.ts';
import { makeSecret, type IssuedSecret, type IssuedSink } from './secrets.ts';

/** One issued code or token, and the grant that it stands for. */
export interface LedgerEntry<Grant> {
  readonly value: string;
  readonly grant: Grant;
  /** Epoch milliseconds by the stand-in's clock; tests may move it. */
  expiresAtMs: number;
  /** A code that was exchanged, a refresh token that was rotated. */
  isUsed: boolean;
}

type LedgerKind = 'access' | 'code' | 'refresh';

/** Codes and tokens of one authorization server. */
export interface Ledger<Grant> {
  issue(kind: LedgerKind, grant: Grant, lifeMs: number): string;
  /** The entry, used ones included, expired and dropped ones not. */
  find(kind: LedgerKind, value: string): LedgerEntry<Grant> | undefined;
  /** All that are neither expired nor dropped. */
  live(kind: LedgerKind): LedgerEntry<Grant>[];
  drop(value: string): void;
  /** Drops every access and refresh token of a grant. */
  dropGrant(grant: Grant): void;
}

/** An empty ledger. */
export function openLedger<Grant>(clock: StandinClock, issued: IssuedSink): Ledger<Grant> {
  const kinds: Record<LedgerKind, Map<string, LedgerEntry<Grant>>> = {
    access: new Map(),
    code: new Map(),
    refresh: new Map(),
  };
  const isLive = (entry: LedgerEntry<Grant>) => clock.nowMs() < entry.expiresAtMs;
  const tokens = [kinds.access, kinds.refresh];
  return {
    issue: (kind, grant, lifeMs) => {
      const secret: IssuedSecret = makeSecret(kind);
      issued.push(secret);
      const expiresAtMs = clock.nowMs() + lifeMs;
      kinds[kind].set(secret.value, { value: secret.value, grant, expiresAtMs, isUsed: false });
      return secret.value;
    },
    find: (kind, value) => {
      const entry = kinds[kind].get(value);
      return entry !== undefined && isLive(entry) ? entry : undefined;
    },
    live: (kind) => [...kinds[kind].values()].filter(isLive),
    drop: (value) => tokens.forEach((map) => map.delete(value)),
    dropGrant: (grant) =>
      tokens.forEach((map) =>
        [...map.values()]
          .filter((entry) => entry.grant === grant)
          .forEach((entry) => map.delete(entry.value)),
      ),
  };
}
