import type { ClientId } from '#core/client/client-configuration.ts';
import { diagnosticsOf } from '#oauth/oauth1/signing/base-string-report.ts';
import type { SignatureBaseString } from '#oauth/oauth1/signing/signature-base-string.ts';
import type { SignedRequestView } from '#wire/views.ts';
import type { World } from '../platform/world.ts';

/** The last signed requests of each OAuth 1.0a client, to compare with what the server reports. */
export interface SignedRequestLog {
  record(id: ClientId, request: LoggedRequest): void;
  /** Newest first. Without tokens, verifiers and session handles. */
  of(id: ClientId): readonly SignedRequestView[];
}

/** A request with its outcome. */
export interface LoggedRequest extends Omit<SignedRequestView, 'signature' | 'atMs'> {
  readonly signed: SignatureBaseString;
}

/** How many requests of one client are kept. */
const mostLogged = 6;

/** Kept in memory only, until the worker ends. */
export function createSignedRequestLog({ nowMs }: Pick<World, 'nowMs'>): SignedRequestLog {
  const logged = new Map<ClientId, readonly SignedRequestView[]>();
  return {
    record: (id, { signed, ...outcome }) => {
      const view = { ...outcome, signature: diagnosticsOf(signed), atMs: nowMs() };
      logged.set(id, [view, ...(logged.get(id) ?? [])].slice(0, mostLogged));
    },
    of: (id) => logged.get(id) ?? [],
  };
}
