import * as v from 'valibot';

/** Maximum size of the piece of a body in one message, in bytes. */
export const chunkBytes = 1_048_576;
/** Maximum size of a request body, in bytes (25 MiB). A response body is delivered in pieces, whatever its size. */
export const maxBodyBytes = 25 * chunkBytes;
/** Maximum number of header fields of a request. */
const maxHeaders = 64;

/** An array whose length is checked before its items, so that a long one is refused at once. */
export function limitedArray<const Item extends v.GenericSchema>(item: Item, maxLength: number) {
  return v.pipe(v.array(v.unknown()), v.maxLength(maxLength), v.array(item));
}

/** Identifies a call within its document. Chosen by the page. */
export const CallIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const ChunkSchema = v.pipe(
  v.instance(ArrayBuffer),
  v.check((chunk) => chunk.byteLength <= chunkBytes),
  // A resizable one may reserve any amount of memory.
  v.check((chunk) => !('resizable' in chunk && chunk.resizable)),
);

/** The method of a call. */
export const MethodSchema = v.pipe(v.string(), v.maxLength(32));
/** The path or the URL of a call. */
export const AddressSchema = v.pipe(v.string(), v.maxLength(65_536));

const requestHead = {
  method: MethodSchema,
  /** A path, an absolute URL of a granted site, or a gateway URL. */
  input: AddressSchema,
  /** A granted site: its id, as `sites()` gave it, its URL or its name. */
  site: v.optional(v.pipe(v.string(), v.maxLength(2048))),
  /** The id of a granted account, as `sites()` gave it. */
  account: v.optional(v.pipe(v.string(), v.maxLength(256))),
  headers: limitedArray(v.tuple([v.string(), v.string()]), maxHeaders),
};

/** A call of which a page asks whether it may make it. */
export const PermitQuestionSchema = v.object(requestHead);
export type PermitQuestion = v.InferOutput<typeof PermitQuestionSchema>;

/** A call as the page requests it. The caller is not part of it: the browser reports the caller. */
export const ApiRequestSchema = v.object({
  callId: CallIdSchema,
  ...requestHead,
  /** The body, when it fits in one message; else null. Larger bodies are uploaded with `api.write` before. */
  body: v.union([v.null(), ChunkSchema]),
  /** Size of the body that was uploaded with `api.write`, in bytes; 0 for none. */
  writtenBytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxBodyBytes)),
});
export type ApiRequest = v.InferOutput<typeof ApiRequestSchema>;

/** A piece of a request body. Pieces are sent in order; all but the last have {@link chunkBytes}, and none is empty. */
export const BodyChunkSchema = v.object({
  callId: CallIdSchema,
  /** Offset of the piece in the body, in bytes. */
  offsetBytes: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(maxBodyBytes),
    v.multipleOf(chunkBytes),
  ),
  chunk: v.pipe(
    ChunkSchema,
    v.check(({ byteLength }) => byteLength > 0),
  ),
});
export type BodyChunk = v.InferOutput<typeof BodyChunkSchema>;

/** The beginning of a response; all of it when `isComplete`. */
export interface ApiReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The absolute URL of the request, at the site's own origin. */
  readonly url: string;
  readonly chunk: ArrayBuffer;
  readonly isComplete: boolean;
}

/** A further piece of a response body. */
export interface ApiChunk {
  readonly chunk: ArrayBuffer;
  readonly isComplete: boolean;
}
