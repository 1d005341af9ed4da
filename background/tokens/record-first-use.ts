import type { SessionId } from '#core/session/session.ts';
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

/** The token handler for API calls: records the first use of each access token that it returns. */
export function recordingFirstUse(dependencies: Dependencies): TokenHandler {
  const { tokens, access, onFirstUse, world } = dependencies;
  const recorded = async (id: SessionId, token: AccessToken): Promise<AccessToken> => {
    const isFirst =
      token.usedAtMs === undefined && (await access.recordUse(id, token, world.nowMs()));
    if (isFirst) onFirstUse();
    return token;
  };
  return {
    ...tokens,
    getFreshToken: async (id) => {
      const token = await tokens.getFreshToken(id);
      return token && recorded(id, token);
    },
    getRefreshedToken: async (id, options) =>
      recorded(id, await tokens.getRefreshedToken(id, options)),
    getTokenAfterRejection: async (id, rejected, options) =>
      recorded(id, await tokens.getTokenAfterRejection(id, rejected, options)),
  };
}
