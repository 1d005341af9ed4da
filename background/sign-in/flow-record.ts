import * as v from 'valibot';
import type { ClientId } from '#core/client/client-configuration.ts';
import { pkceMethods, providerTypes } from '#core/provider/provider-type.ts';
import type { SessionId } from '#core/session/session.ts';
import { isFaultCode, type FaultCode } from '#core/values/fault.ts';
import type { Attempt } from './sign-in-protocol.ts';

const clientId = v.custom<ClientId>((input) => typeof input === 'string');
const sessionId = v.custom<SessionId>((input) => typeof input === 'string');

const AttemptSchema: v.GenericSchema<unknown, Attempt> = v.union([
  v.object({
    tuple: v.object({
      type: v.picklist(providerTypes),
      issuer: v.exactOptional(v.string()),
      isIssuerInResponses: v.exactOptional(v.boolean()),
      authorizationEndpoint: v.string(),
      tokenEndpoint: v.string(),
    }),
    oauthClientId: v.string(),
    redirectUri: v.string(),
    state: v.string(),
    codeVerifier: v.string(),
    scopes: v.array(v.string()),
    pkceMethod: v.picklist(pkceMethods),
    parameters: v.record(v.string(), v.string()),
  }),
  v.object({
    consumerKey: v.string(),
    authorizationEndpoint: v.string(),
    tokenEndpoint: v.string(),
    redirectUri: v.string(),
    requestToken: v.string(),
    requestTokenSecret: v.string(),
  }),
]);

const RecordSchema = v.object({
  id: v.string(),
  clientId,
  /** The session to renew. */
  renews: v.exactOptional(sessionId),
  startedAtMs: v.number(),
  /** When the window is closed. */
  deadlineAtMs: v.number(),
  state: v.picklist(['waiting', 'exchanging']),
  /** The sign-in window; absent until it has opened. */
  windowId: v.exactOptional(v.number()),
  /** The popup windows that were open before the sign-in. */
  popupsBefore: v.exactOptional(v.pipe(v.array(v.number()), v.readonly())),
  /** Removed before the code is sent, so that an attempt is used once. */
  attempt: v.exactOptional(AttemptSchema),
});

/** One authorization attempt, stored in `storage.session` before its window opens. */
export type FlowRecord = Readonly<v.InferOutput<typeof RecordSchema>>;

const OutcomeSchema = v.object({
  /** The id of the attempt. */
  id: v.string(),
  clientId,
  renews: v.exactOptional(sessionId),
  startedAtMs: v.number(),
  sessionId: v.exactOptional(sessionId),
  fault: v.exactOptional(
    v.object({
      code: v.custom<FaultCode>(isFaultCode),
      message: v.string(),
      subject: v.exactOptional(v.string()),
    }),
  ),
  /** The person cancelled it. */
  isCancelled: v.exactOptional(v.literal(true)),
  /** It was fetched by its id, which works once. */
  isFetched: v.exactOptional(v.boolean()),
});

/** How the last attempt ended; stored until the person dismisses it. */
export type FlowOutcome = Readonly<v.InferOutput<typeof OutcomeSchema>>;

/** Reads a stored attempt; undefined when it is absent or damaged. */
export function parseFlowRecord(raw: unknown): FlowRecord | undefined {
  const parsed = v.safeParse(RecordSchema, raw);
  return parsed.success ? parsed.output : undefined;
}

/** Reads a stored outcome; undefined when it is absent or damaged. */
export function parseFlowOutcome(raw: unknown): FlowOutcome | undefined {
  const parsed = v.safeParse(OutcomeSchema, raw);
  return parsed.success ? parsed.output : undefined;
}
