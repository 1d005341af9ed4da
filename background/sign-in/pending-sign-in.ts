import * as v from 'valibot';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { keys } from '../../extension/storage/schema.ts';
import type { PendingRequestKind } from '../storage/pending-requests.ts';

/** A sign-in that needs the host permissions of its client. */
export interface PendingSignIn {
  /** The id of the attempt that it becomes. */
  readonly id: string;
  readonly clientId: ClientId;
  /** The session to renew. */
  readonly sessionId?: SessionId;
  /** The match patterns that the client needed at the time of the request; the client may be edited since. */
  readonly patterns: readonly string[];
}

/** There is one at a time: a new one replaces it. */
export const pendingSignInKind: PendingRequestKind<PendingSignIn> = {
  schema: v.object({
    id: v.string(),
    clientId: v.custom<ClientId>((input) => typeof input === 'string'),
    sessionId: v.exactOptional(v.custom<SessionId>((input) => typeof input === 'string')),
    patterns: v.array(v.string()),
  }),
  keyOf: () => keys.pendingSignIn,
  prefix: keys.pendingSignIn,
  // Shorter than for a grant: a window that opens long after the click is unexpected, and a second click is cheap.
  lifetimeMs: 60_000,
};
