import type { SessionId } from '../../extension/core/session/session.ts';
import type { World } from '../platform/world.ts';
import type { AccessToken, AccessTokens } from '../secrets/access-tokens.ts';
import type { TokenHandler } from './token-handler.ts';

interface Dependencies {
  readonly tokens: TokenHandler;
  readonly access: AccessTokens;
  /** Called after the first use of an access token. */
  readonly onFirstUse: () => void;
  readonly world: Pick<World, 'nowMs'>;
}

/** The token handler for those who call the resource service: what it gives out is noted as used, once per access token. */
export function recordingFirstUse({
  tokens,
  access,
  onFirstUse,
  world,
}: Dependencies): TokenHandler {
  const noted = async (id: SessionId, token: AccessToken): Promise<AccessToken> => {
    const isFirst =
      token.usedAtMs === undefined && (await access.recordUse(id, token, world.nowMs()));
    if (isFirst) onFirstUse();
    return token;
  };
  return {
    ...tokens,
    getRefreshedToken: async (id, options) =>
      noted(id, await tokens.getRefreshedToken(id, options)),
    accessAfter: async (id, refused, options) =>
      noted(id, await tokens.accessAfter(id, refused, options)),
  };
}
