import * as v from 'valibot';
import type { Fault } from '../core/values/fault.ts';

/** Version of the message protocol; a content script of another version is refused as `unavailable`. */
export const wireVersion = 1;

/** Longest name of a command. */
const longestName = 64;

/** The frame that every command travels in. */
export interface Envelope {
  readonly v: typeof wireVersion;
  readonly name: string;
  readonly body: unknown;
}

/** The frame of an answer: data, never an exception. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** What the worker tells without being asked. Carries no state: the receiver asks again. */
export interface Announcement {
  readonly v: typeof wireVersion;
  /** `state.changed` to the extension's pages; `grant.changed` and `grant.ended` to connected pages. */
  readonly event: 'state.changed' | 'grant.changed' | 'grant.ended';
  /** Whose grant it is, for the content scripts of other origins to look away. */
  readonly origin?: string;
}

const EnvelopeSchema = v.object({
  v: v.literal(wireVersion),
  name: v.pipe(v.string(), v.maxLength(longestName)),
  body: v.unknown(),
});

const AnnouncementSchema = v.object({
  v: v.literal(wireVersion),
  event: v.picklist(['state.changed', 'grant.changed', 'grant.ended']),
  origin: v.exactOptional(v.string()),
});

/** The envelope in a message, or undefined when the message is not one of ours. */
export function readEnvelope(message: unknown): Envelope | undefined {
  const parsed = v.safeParse(EnvelopeSchema, message);
  return parsed.success ? { ...parsed.output, body: parsed.output.body } : undefined;
}

/** The announcement in a message, or undefined when it is not one. */
export function readAnnouncement(message: unknown): Announcement | undefined {
  const parsed = v.safeParse(AnnouncementSchema, message);
  return parsed.success ? parsed.output : undefined;
}
