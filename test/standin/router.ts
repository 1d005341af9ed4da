import type { StandinClock } from './facts/clock.ts';
import { isKnownHost } from './facts/hosts.ts';
import type { IssuedSecret } from './facts/secrets.ts';
import { text, type Answer } from './http/answer.ts';
import type { Incoming } from './http/incoming.ts';
import { auditCrossings, auditHeaders, type Auditor } from './state/auditor.ts';
import type { System, Systems } from './state/system.ts';
import { notFound, type TestPages } from './test-pages.ts';

/** What the router chooses from. */
export interface RouterParts {
  readonly clock: StandinClock;
  readonly auditor: Auditor;
  readonly pages: TestPages;
  readonly knownHosts: readonly string[];
  /** Answers for the hosts that no other system has. */
  readonly cloud: System;
  readonly systems: Systems;
  readonly issued: readonly IssuedSecret[];
}

/** Sends each request to the host it names; a page set by a test comes first. */
export function makeRouter(parts: RouterParts) {
  const { auditor, clock, pages, knownHosts, cloud } = parts;
  return async (incoming: Incoming): Promise<Answer> => {
    const { host } = incoming;
    const system = parts.systems.at(host) ?? cloud;
    auditHeaders(auditor, incoming, system.kindOf(incoming), clock.nowMs());
    if (system.hosts.includes(host)) {
      auditCrossings(auditor, incoming, system.nameOf(incoming), parts.issued, clock.nowMs());
    }
    if (!isKnownHost(knownHosts, host)) return text(421, 'Misdirected Request');
    return pages.find(incoming) ?? (await system.answer(incoming)) ?? notFound();
  };
}
