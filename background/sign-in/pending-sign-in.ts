import * as v from 'valibot';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { keys } from '#storage/schema.ts';
import type { PendingRequestKind } from '../storage/pending-requests.ts';

const PendingSignInSchema = v.object({
  /** The id of the attempt that it becomes. */
  id: v.string(),
  clientId: v.custom<ClientId>((input) => typeof input === 'string'),
  /** The session to renew. */
  sessionId: v.exactOptional(v.custom<SessionId>((input) => typeof input === 'string')),
  /** The match patterns that the client needed at the time of the request; the client may be edited since. */
  patterns: v.array(v.string()),
});

/** A sign-in that needs the host permissions of its client. */
export type PendingSignIn = Readonly<v.InferOutput<typeof PendingSignInSchema>>;

/** There is one at a time: a new one replaces it. */
export const pendingSignInKind: PendingRequestKind<PendingSignIn> = {
  schema: PendingSignInSchema,
  keyOf: () => keys.pendingSignIn,
  prefix: keys.pendingSignIn,
  isSingle: true,
  // Shorter than for a grant: a window that opens long after the click is unexpected, and a second click is cheap.
  lifetimeMs: 60_000,
};
