import { displayName } from '#core/session/session.ts';
import type { StoredSession } from '#storage/schema.ts';
import type { Clients } from '../clients/clients.ts';
import type { World } from '../platform/world.ts';

interface Dependencies {
  readonly clients: Pick<Clients, 'find'>;
  readonly world: Pick<World, 'compareNames'>;
}

/** The order of sessions by account, then by client. No two are equal, so it is the same in every worker. */
export function sessionOrder({ clients, world: { compareNames } }: Dependencies) {
  const clientName = ({ clientId }: StoredSession): string => clients.find(clientId)?.name ?? '';
  return (one: StoredSession, other: StoredSession): number =>
    compareNames(displayName(one) ?? '', displayName(other) ?? '') ||
    compareNames(clientName(one), clientName(other)) ||
    byText(one.id, other.id);
}

export function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
