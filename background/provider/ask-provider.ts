import type { ResourceContext } from '#oauth/resources/resource-request.ts';
import type { StoredClient } from '#storage/schema.ts';
import { deadline } from '../platform/deadline.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { RequestAuthorizer } from './request-authorizer.ts';

/** Longest wait for a response of accessible-resources, `/me` or revocation, in milliseconds. */
export const resourceMs = 20_000;

/** A question to a provider about a grant, sent with one of its tokens. */
export interface Question extends Pick<ResourceContext, 'scopes'> {
  readonly client: StoredClient;
  readonly token: Pick<AccessToken, 'token'>;
  /** Cancels the request before its timeout. */
  readonly signal?: AbortSignal;
}

/** Sends a question to a provider, with a timeout of {@link resourceMs}. Throws the errors of `ask`. */
export async function askProvider<T>(
  { client, token, scopes, signal: other }: Question,
  ask: (context: ResourceContext) => Promise<T>,
  {
    signer,
    world,
  }: {
    readonly signer: RequestAuthorizer;
    readonly world: Pick<World, 'fetch' | 'after' | 'crypto'>;
  },
): Promise<T> {
  const { fetch, crypto } = world;
  const limit = deadline(world, resourceMs, other);
  const { signal } = limit;
  const authorize: ResourceContext['authorize'] = (url) =>
    signer(client, token, { method: 'GET', url }, { isLogged: true });
  try {
    return await ask({ client, scopes, authorize, fetch, subtle: crypto.subtle, signal });
  } finally {
    limit.release();
  }
}
