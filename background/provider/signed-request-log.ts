import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { diagnosticsOf } from '../../extension/oauth/oauth1/signing/base-string-report.ts';
import type { SignatureBaseString } from '../../extension/oauth/oauth1/signing/signature-base-string.ts';
import type { SignedRequestView } from '../../extension/wire/views.ts';

/** The last signed requests of each OAuth 1.0a client, for a person to lay beside what the server says. */
export interface SignedRequestLog {
  note(id: ClientId, sent: NotedRequest): void;
  /** Newest first. Tokens, verifiers and session handles are not in it. */
  of(id: ClientId): readonly SignedRequestView[];
}

/** One request with what became of it. */
export interface NotedRequest extends Omit<SignedRequestView, 'signature' | 'atMs'> {
  readonly signed: SignatureBaseString;
}

/** The most requests of one client that are kept. */
const mostNoted = 6;

/** Kept in memory alone: it ends with the worker. */
export function createSignedRequestLog({
  nowMs,
}: {
  readonly nowMs: () => number;
}): SignedRequestLog {
  const noted = new Map<ClientId, readonly SignedRequestView[]>();
  return {
    note: (id, { signed, ...outcome }) => {
      const view = { ...outcome, signature: diagnosticsOf(signed), atMs: nowMs() };
      noted.set(id, [view, ...(noted.get(id) ?? [])].slice(0, mostNoted));
    },
    of: (id) => noted.get(id) ?? [],
  };
}
