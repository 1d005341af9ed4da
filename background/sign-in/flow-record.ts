import * as v from 'valibot';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { pkceMethods, providerTypes } from '../../extension/core/provider/provider-type.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { faultTexts, type Fault, type FaultCode } from '../../extension/core/values/fault.ts';
import type { Attempt } from './sign-in-protocol.ts';

/** One authorization attempt, stored in `storage.session` before its window opens. */
export interface FlowRecord {
  readonly id: string;
  readonly clientId: ClientId;
  /** The session to renew. */
  readonly renews?: SessionId;
  readonly startedAtMs: number;
  /** When the window is closed, in epoch milliseconds. */
  readonly deadlineAtMs: number;
  readonly state: 'waiting' | 'exchanging';
  /** The sign-in window; absent until it has opened. */
  readonly windowId?: number;
  /** The popup windows that were open before the sign-in. */
  readonly popupsBefore?: readonly number[];
  /** Removed before the code is sent, so that an attempt is used once. */
  readonly attempt?: Attempt;
}

/** How the last attempt ended; stored until the person dismisses it. */
export interface FlowOutcome {
  /** The id of the attempt. */
  readonly id: string;
  readonly clientId: ClientId;
  readonly renews?: SessionId;
  readonly startedAtMs: number;
  readonly sessionId?: SessionId;
  readonly fault?: Fault;
  /** It was fetched by its id, which works once. */
  readonly isFetched?: boolean;
}

const clientId = v.custom<ClientId>((input) => typeof input === 'string');
const sessionId = v.custom<SessionId>((input) => typeof input === 'string');
const FaultSchema = v.object({
  code: v.picklist(Object.keys(faultTexts) as FaultCode[]),
  message: v.string(),
  subject: v.exactOptional(v.string()),
});

const Oauth2AttemptSchema = v.object({
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
});

const Oauth1AttemptSchema = v.object({
  consumerKey: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  redirectUri: v.string(),
  requestToken: v.string(),
  requestTokenSecret: v.string(),
});

const RecordSchema: v.GenericSchema<unknown, FlowRecord> = v.object({
  id: v.string(),
  clientId,
  renews: v.exactOptional(sessionId),
  startedAtMs: v.number(),
  deadlineAtMs: v.number(),
  state: v.picklist(['waiting', 'exchanging']),
  windowId: v.exactOptional(v.number()),
  popupsBefore: v.exactOptional(v.array(v.number())),
  attempt: v.exactOptional(v.union([Oauth2AttemptSchema, Oauth1AttemptSchema])),
});

const OutcomeSchema: v.GenericSchema<unknown, FlowOutcome> = v.object({
  id: v.string(),
  clientId,
  renews: v.exactOptional(sessionId),
  startedAtMs: v.number(),
  sessionId: v.exactOptional(sessionId),
  fault: v.exactOptional(FaultSchema),
  isFetched: v.exactOptional(v.boolean()),
});

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
