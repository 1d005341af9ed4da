import * as v from 'valibot';

/** The most that one message carries of a body, in bytes. */
export const chunkBytes = 1_048_576;
/** The most that a body has, up or down, in bytes (8 MiB). */
export const largestBodyBytes = 8 * chunkBytes;
/** The most header fields that a request carries. */
const mostHeaders = 64;

/** Names one call within one document; chosen by the page, trusted for nothing else. */
export const CallIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const ChunkSchema = v.pipe(
  v.instance(ArrayBuffer),
  v.check((chunk) => chunk.byteLength <= chunkBytes),
);

/** One call as the page hands it in; nothing in it says who calls. */
export const ApiRequestSchema = v.object({
  callId: CallIdSchema,
  method: v.pipe(v.string(), v.maxLength(32)),
  /** A path, an absolute URL of a granted site, or a gateway URL. */
  input: v.pipe(v.string(), v.maxLength(65_536)),
  /** The id of a granted site, as `sites()` gave it. */
  site: v.optional(v.pipe(v.string(), v.maxLength(256))),
  headers: v.pipe(v.array(v.tuple([v.string(), v.string()])), v.maxLength(mostHeaders)),
  /** The body when it fits one message; null for none. Larger ones were sent by `api.write`. */
  body: v.union([v.null(), ChunkSchema]),
  /** Length of the body sent by `api.write` beforehand, in bytes; 0 for none. */
  writtenBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(largestBodyBytes)),
});
/** See {@link ApiRequestSchema}. */
export type ApiRequest = v.InferOutput<typeof ApiRequestSchema>;

/** One piece of a request body; pieces come in order. */
export const BodyChunkSchema = v.object({
  callId: CallIdSchema,
  /** Where the piece begins, in bytes: the sum of all before it. */
  offsetBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(largestBodyBytes)),
  chunk: ChunkSchema,
});
/** See {@link BodyChunkSchema}. */
export type BodyChunk = v.InferOutput<typeof BodyChunkSchema>;

/** The beginning of an answer, all of it when `isComplete`. */
export interface ApiReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The absolute site URL that was asked for. */
  readonly url: string;
  readonly chunk: ArrayBuffer;
  readonly isComplete: boolean;
}

/** A further piece of an answer. */
export interface ApiChunk {
  readonly chunk: ArrayBuffer;
  readonly isComplete: boolean;
}
