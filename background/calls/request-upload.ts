import { joinBytes } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import { maxBodyBytes } from '#wire/api-call.ts';

/** A request body that a page uploads in pieces before its call, in memory. */
export interface RequestUpload {
  /** Adds a piece. @throws BrokerError `unavailable` when an earlier piece is missing, `too_large` */
  append(piece: { readonly offsetBytes: number; readonly chunk: ArrayBuffer }): void;
  /** The complete body. @throws BrokerError `unavailable` when a piece is missing */
  take(bytes: number): Uint8Array<ArrayBuffer>;
}

export function createRequestUpload(): RequestUpload {
  const pieces: Uint8Array[] = [];
  let writtenBytes = 0;
  return {
    append: ({ offsetBytes, chunk }) => {
      if (offsetBytes !== writtenBytes) throw new BrokerError('unavailable');
      if (writtenBytes + chunk.byteLength > maxBodyBytes) throw new BrokerError('too_large');
      pieces.push(new Uint8Array(chunk));
      writtenBytes += chunk.byteLength;
    },
    take: (bytes) => {
      if (bytes !== writtenBytes) throw new BrokerError('unavailable');
      return joinBytes(pieces);
    },
  };
}
