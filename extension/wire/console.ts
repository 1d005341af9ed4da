import * as v from 'valibot';
import type { Fault } from '#core/values/fault.ts';
import { AddressSchema, CallIdSchema, MethodSchema, type ApiReply } from './api-call.ts';
import type { Permitted } from './page-api.ts';
import { GrantedSiteSchema } from './request-schemas.ts';

/** How much of a response body the console gets, in bytes (5 MiB). */
export const maxConsoleBytes = 5 * 1_048_576;

const address = {
  /** Which site is called, by which session. */
  site: GrantedSiteSchema,
  method: MethodSchema,
  /** A path below the site's URL, or a URL of the site. */
  path: AddressSchema,
};

/** A call of which the console asks what it would come to. */
export const ConsoleQuestionSchema = v.object(address);
export type ConsoleQuestion = v.InferOutput<typeof ConsoleQuestionSchema>;

/** A call of the console. */
export const ConsoleCallSchema = v.object({
  /** Chosen by the sender, for `console.cancel`. */
  callId: CallIdSchema,
  ...address,
  /** JSON, sent as `application/json`. */
  body: v.exactOptional(v.pipe(v.string(), v.maxLength(maxConsoleBytes))),
});
export type ConsoleCall = v.InferOutput<typeof ConsoleCallSchema>;

/** A response, as a page would get it. */
export interface ConsoleResponse extends Omit<ApiReply, 'chunk' | 'isComplete'> {
  /** From the command to the last byte that was read, in milliseconds. */
  readonly tookMs: number;
  /** The body, or its first {@link maxConsoleBytes}; absent when it is no text. */
  readonly text?: string;
  /** How many bytes of the body were read. */
  readonly bodyBytes: number;
  /** Whether the body has more bytes. */
  readonly isTruncated: boolean;
  /** Why the body broke off. */
  readonly bodyFault?: Fault;
}

/** What a call of the console would come to. */
export interface ConsoleExplanation {
  readonly permitted: Permitted;
  /** The URL of the request; absent when a rule refuses the call. */
  readonly url?: string;
  /** Whether the call changes nothing, as far as is known; absent when a rule refuses it. */
  readonly isReading?: boolean;
  /**
   * The scopes with which an app may call the operation: all of one of the lists. No list: no app may. Absent when the
   * operation is not known.
   */
  readonly scopes?: readonly (readonly string[])[];
}
