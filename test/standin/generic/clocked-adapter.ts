import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { StandinClock } from '../facts/clock.ts';
import type { IssuedSecret, IssuedSink } from '../facts/secrets.ts';

const KINDS: Readonly<Record<string, IssuedSecret['kind']>> = {
  AccessToken: 'access',
  AuthorizationCode: 'code',
  RefreshToken: 'refresh',
};

interface Stored {
  readonly payload: AdapterPayload;
  /** Epoch milliseconds by the stand-in's clock. */
  readonly expiresAtMs: number;
}

/**
 * Storage for oidc-provider, which reads the machine's clock: what has expired by the stand-in's clock is not found, and
 * what has not is handed out with an `exp` that the library takes for the future.
 */
export function clockedAdapter(
  clock: StandinClock,
  issued: IssuedSink,
): (model: string) => Adapter {
  const models = new Map<string, Map<string, Stored>>();
  const storeOf = (model: string) => {
    const store = models.get(model) ?? new Map<string, Stored>();
    models.set(model, store);
    return store;
  };
  const machineMs = Date.now.bind(Date);
  const read = (stored: Stored | undefined): AdapterPayload | undefined => {
    if (stored === undefined || stored.expiresAtMs <= clock.nowMs()) return undefined;
    const { payload, expiresAtMs } = stored;
    if (payload.exp === undefined) return payload;
    const exp = Math.ceil((machineMs() + expiresAtMs - clock.nowMs()) / 1000);
    return { ...payload, exp };
  };
  return (model) => {
    const store = storeOf(model);
    const find = (id: string) => Promise.resolve(read(store.get(id)));
    const findBy = (test: (payload: AdapterPayload) => boolean) =>
      Promise.resolve(read([...store.values()].find(({ payload }) => test(payload))));
    return {
      find,
      findByUid: (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: (userCode) => findBy((payload) => payload.userCode === userCode),
      upsert: (id, payload, expiresInSeconds: number | undefined) => {
        const lifeMs = (expiresInSeconds ?? Infinity) * 1000;
        const kind = KINDS[model];
        if (kind !== undefined && !store.has(id)) issued.push({ kind, value: id, canary: id });
        store.set(id, { payload, expiresAtMs: clock.nowMs() + lifeMs });
        return Promise.resolve();
      },
      consume: (id) => {
        const stored = store.get(id);
        if (stored) stored.payload.consumed = Math.floor(machineMs() / 1000);
        return Promise.resolve();
      },
      destroy: (id) => Promise.resolve(void store.delete(id)),
      revokeByGrantId: (grantId) => {
        for (const [id, { payload }] of store) if (payload.grantId === grantId) store.delete(id);
        return Promise.resolve();
      },
    };
  };
}
