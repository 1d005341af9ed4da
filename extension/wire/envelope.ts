import type { Fault } from '#core/values/fault.ts';

/** Version of the message protocol. A content script of another version gets `unavailable`. */
export const wireVersion = 1;

/** The message that carries a command. */
export interface Envelope {
  readonly v: typeof wireVersion;
  readonly name: string;
  readonly body: unknown;
}

/** A command over a port, where many are on their way at once: `id` is the sender's number of it, and the reply has it too. */
export interface NumberedEnvelope extends Envelope {
  readonly id: number;
}

/** The reply to a command over a port. */
export interface NumberedReply {
  readonly id: number;
  readonly reply: Reply<unknown>;
}

/** The first message of the worker over a port: it has received the port. */
export const portOpened = { isOpen: true } as const;

/** The reply to a command. A failure is data, not an exception. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** An event for the extension's own pages. */
export type OwnPageEvent = 'state.changed' | 'activity.changed';

/** A notification from the worker. It carries no state: the receiver requests the state again. */
export interface Announcement {
  readonly v: typeof wireVersion;
  /**
   * To the extension's pages: `state.changed`, and `activity.changed` when something was recorded of pages. To connected
   * pages: `grant.changed` and `grant.ended`.
   */
  readonly event: OwnPageEvent | 'grant.changed' | 'grant.ended';
  /** The origin of the grant. Content scripts of other origins ignore the announcement. */
  readonly origin?: string;
}

const events: readonly unknown[] = [
  'state.changed',
  'activity.changed',
  'grant.changed',
  'grant.ended',
] satisfies Announcement['event'][];

/** The announcement in a message; undefined when the message is none. Without a parser, which each of our pages would load. */
export function readAnnouncement(message: unknown): Announcement | undefined {
  const { v: version, event, origin } = (message ?? {}) as Partial<Record<string, unknown>>;
  const isAnnouncement =
    version === wireVersion &&
    events.includes(event) &&
    (origin === undefined || typeof origin === 'string');
  return isAnnouncement ? (message as Announcement) : undefined;
}
