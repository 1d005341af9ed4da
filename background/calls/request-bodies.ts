import { joinBytes } from '#core/values/bytes.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { maxBodyBytes } from '#wire/api-call.ts';
import type { World } from '../platform/world.ts';

/** Request bodies that pages upload in pieces before their calls, in memory. Each has the key of its call. */
export interface RequestBodies {
  /**
   * Adds a piece.
   * @throws BrokerError `unavailable` when an earlier piece is missing, `too_large`, `rate_limited`
   */
  append(key: string, origin: Origin, piece: { offsetBytes: number; chunk: ArrayBuffer }): void;
  /** Removes and returns a complete body. @throws BrokerError `unavailable` when a piece is missing */
  take(key: string, bytes: number): Uint8Array<ArrayBuffer>;
  /** Removes the bodies for which `isRemoved` is true. */
  remove(isRemoved: (key: string, origin: Origin) => boolean): void;
}

/** Maximum size of all bodies of one origin, in bytes (64 MiB). */
const maxBytesPerOrigin = 67_108_864;
/** An incomplete body is removed after this time, in milliseconds. */
const lifetimeMs = 60_000;

interface Body {
  readonly origin: Origin;
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly stopTimer: () => void;
}

export function createRequestBodies({ after }: Pick<World, 'after'>): RequestBodies {
  const bodies = new Map<string, Body>();
  const remove = (key: string): void => {
    bodies.get(key)?.stopTimer();
    bodies.delete(key);
  };
  return {
    append: (key, origin, { offsetBytes, chunk }) => {
      const before = bodies.get(key);
      const bytes = (before?.bytes ?? 0) + chunk.byteLength;
      const ofOrigin = [...bodies.values()].filter((body) => body.origin === origin);
      const total = ofOrigin.reduce((sum, body) => sum + body.bytes, chunk.byteLength);
      if (offsetBytes !== (before?.bytes ?? 0)) throw new BrokerError('unavailable');
      if (bytes > maxBodyBytes) throw new BrokerError('too_large');
      if (total > maxBytesPerOrigin) throw new BrokerError('rate_limited');
      bodies.set(key, {
        origin,
        pieces: [...(before?.pieces ?? []), new Uint8Array(chunk)],
        bytes,
        stopTimer: before?.stopTimer ?? after(lifetimeMs, () => bodies.delete(key)),
      });
    },
    take: (key, bytes) => {
      const body = bodies.get(key);
      remove(key);
      // The worker stopped after the upload began. The request was not sent, so the page may try again.
      if (body?.bytes !== bytes) throw new BrokerError('unavailable');
      return joinBytes(body.pieces);
    },
    remove: (isRemoved) => {
      for (const [key, { origin }] of bodies) if (isRemoved(key, origin)) remove(key);
    },
  };
}
