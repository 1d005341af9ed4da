import { grantedSiteId } from '#core/grant/page-grant.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { ApiChunk, ApiReply, ApiRequest, BodyChunk, PermitQuestion } from '#wire/api-call.ts';
import type { Permitted } from '#wire/page-api.ts';
import { refusalOf } from '#wire/refusal.ts';
import { endIfForbidden, openCall, type OpenCall } from './open-call.ts';
import { performCall, settledPlan, type Answerers } from './perform-call.ts';
import type { TestCall } from './types.ts';

/** The calls of a page, by their ids. */
export interface Calls {
  readonly sent: readonly TestCall[];
  /** @throws BrokerError any code of `pageFaultCodes` */
  request(request: ApiRequest): Promise<ApiReply>;
  /** What `request` would do, as far as that can be said before. */
  can(question: PermitQuestion): Permitted;
  /** Adds a piece of a request body. @throws BrokerError `not_connected` */
  write(piece: BodyChunk): void;
  /** The next piece of a response. @throws BrokerError */
  read(callId: string): Promise<ApiChunk>;
  abort(callId: string): void;
}

export function createCalls(answerers: Answerers): Calls {
  const { connection } = answerers;
  const sent: TestCall[] = [];
  const open = new Map<string, OpenCall>();
  const uploads = new Map<string, Uint8Array[]>();
  connection.onEvent((event) => {
    for (const call of open.values())
      if (event === 'ended') call.end(new BrokerError('not_connected'));
      else endIfForbidden(call);
  });
  return {
    sent,
    request: async (request) => {
      const { callId } = request;
      const call = openCall(() => open.delete(callId));
      open.set(callId, call);
      const pieces = request.body ? [new Uint8Array(request.body)] : uploads.get(callId);
      uploads.delete(callId);
      try {
        const onSent = (one: TestCall): void => void sent.push(one);
        const reply = await performCall(request, pieces, call, { ...answerers, onSent });
        if (reply.isComplete) open.delete(callId);
        return reply;
      } catch (thrown) {
        open.delete(callId);
        throw thrown;
      }
    },
    can: (question) => {
      try {
        const { site } = settledPlan(question, connection);
        return { ok: true, site: grantedSiteId(site), account: site.sessionId };
      } catch (thrown) {
        return refusalOf(thrown);
      }
    },
    write: ({ callId, chunk }) => {
      connection.grant();
      uploads.set(callId, [...(uploads.get(callId) ?? []), new Uint8Array(chunk)]);
    },
    read: async (callId) => {
      const call = open.get(callId);
      if (call?.read === undefined) throw new BrokerError('unavailable');
      try {
        const piece = await call.read();
        if (piece.isComplete) open.delete(callId);
        return piece;
      } catch (thrown) {
        open.delete(callId);
        throw thrown instanceof BrokerError ? thrown : new BrokerError('offline');
      }
    },
    abort: (callId) => {
      uploads.delete(callId);
      open.get(callId)?.end();
    },
  };
}
