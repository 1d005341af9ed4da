import type { StandinClock } from '../facts/clock.ts';
import type { IssuedSink } from '../facts/secrets.ts';
import type { Accounts } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { RequestKind } from './auditor.ts';
import type { Auditor } from './auditor.ts';

/** A system that the stand-in plays besides Atlassian Cloud. */
export interface System {
  /** The issuer that a request is for: a secret of another one in it is noticed. */
  nameOf(incoming: Incoming): string;
  /** Names it is reached under; they exist from the moment the system is first asked for. */
  readonly hosts: readonly string[];
  /** Those of them that are also served over plain http. */
  readonly plainHosts?: readonly string[];
  kindOf(incoming: Incoming): RequestKind;
  answer(incoming: Incoming): Answer | Promise<Answer> | undefined;
  close?(): Promise<void>;
}

/** What every system is built from. */
export interface SystemParts {
  readonly clock: StandinClock;
  readonly auditor: Auditor;
  /** Where a system records the secrets that it issues. */
  readonly issuedBy: (system: string) => IssuedSink;
  /** The people who can log in anywhere; each system decides what they may do. */
  readonly accounts: Accounts;
}

/** The systems asked for so far. */
export interface Systems {
  /** The value made by `open`, made once, when first asked for. */
  lazily<T>(open: () => { readonly system: System; readonly value: T }): () => T;
  at(host: string): System | undefined;
  close(): Promise<void>;
}

/** No system yet; opening one adds its hosts to the lists that the network goes by. */
export function openSystems(knownHosts: string[], plainHosts: string[]): Systems {
  const byHost = new Map<string, System>();
  const lazily: Systems['lazily'] = (open) => {
    let opened: { readonly value: ReturnType<typeof open>['value'] } | undefined;
    return () => {
      if (opened !== undefined) return opened.value;
      const { system, value } = open();
      opened = { value };
      system.hosts.forEach((host) => byHost.set(host, system));
      knownHosts.push(...system.hosts);
      plainHosts.push(...(system.plainHosts ?? []));
      return value;
    };
  };
  return {
    lazily,
    at: (host) => byHost.get(host),
    close: async () => {
      for (const system of new Set(byHost.values())) await system.close?.();
    },
  };
}
