import { splitScopes } from '../../protocol/scope.ts';
import type { Secret } from '../../values/secret.ts';
import type { ExtraParameter, FieldReader } from './field-reader.ts';

/** An OAuth 2.0 client of a Postman collection. */
export interface PostmanOauth2Fields {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Only if it is not the token endpoint. */
  readonly refreshEndpoint?: string;
  readonly clientId: string;
  readonly clientSecret?: Secret;
  readonly clientAuthentication: 'basic' | 'post';
  readonly scopes: readonly string[];
  /** Shown but not used. */
  readonly redirectUri?: string;
  /** Whether the grant was "Authorization Code (With PKCE)". */
  readonly usesPkce: boolean;
  /** Additional parameters, by the request that has them. */
  readonly extra: {
    readonly authorization: readonly ExtraParameter[];
    readonly token: readonly ExtraParameter[];
    readonly refresh: readonly ExtraParameter[];
  };
}

const useFields = 'tokenName tokenType addTokenTo headerPrefix useBrowser autoRefreshToken';
const attemptFields = 'state username password code_verifier createdTokens shareToken tokenUserId';
/** Fields for the use of a token in Postman, or for a single authorization. */
const ignoredFields = `${useFields} ${attemptFields}`.split(' ');

const parameterNames =
  'client_id scope redirect_uri response_type state code_challenge code_challenge_method';
/** The protocol's own parameters. In the query of the authorization endpoint some have the place of an empty field; the others are ignored. */
const protocolParameters = new Set(parameterNames.split(' '));

const codeGrants = ['', 'authorization_code', 'authorization_code_with_pkce'];

/** Reads the fields of `oauth2`. */
export function readOauth2(reader: FieldReader): PostmanOauth2Fields {
  reader.ignore(ignoredFields);
  for (const token of ['accessToken', 'refreshToken', 'idToken']) {
    if (reader.secret(token) !== undefined) reader.warn('token_left_out', token);
  }
  const grant = reader.text('grant_type');
  if (!codeGrants.includes(grant)) reader.warn('grant_type_unsupported', grant);
  if (reader.text('challengeAlgorithm').toLowerCase() === 'plain') {
    reader.warn('plain_challenge', 'challengeAlgorithm');
  }
  const { endpoint, query, parameters } = splitQuery(reader.text('authUrl'));
  const tokenEndpoint = reader.text('accessTokenUrl');
  const refreshEndpoint = reader.text('refreshTokenUrl');
  const clientSecret = reader.secret('clientSecret');
  const redirectUri =
    reader.text('redirect_uri') || reader.text('callBackUrl') || (query.get('redirect_uri') ?? '');
  const named = ['audience', 'resource', 'prompt', 'access_type'].flatMap(
    (name): ExtraParameter[] => {
      const value = reader.text(name);
      return value === '' ? [] : [[name, value]];
    },
  );
  return {
    authorizationEndpoint: endpoint,
    tokenEndpoint,
    ...(refreshEndpoint === '' || refreshEndpoint === tokenEndpoint ? {} : { refreshEndpoint }),
    clientId: reader.text('clientId') || (query.get('client_id') ?? '').trim(),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    clientAuthentication: reader.text('client_authentication') === 'body' ? 'post' : 'basic',
    scopes: splitScopes(decoded(reader.text('scope') || (query.get('scope') ?? ''))),
    ...(redirectUri === '' ? {} : { redirectUri }),
    usesPkce: grant === 'authorization_code_with_pkce',
    extra: {
      authorization: [...parameters, ...named, ...reader.parameters('authRequestParams')],
      token: reader.parameters('tokenRequestParams'),
      refresh: reader.parameters('refreshRequestParams'),
    },
  };
}

/** The authorization endpoint, which often has all parameters of the request in its query, and these parameters. */
interface SplitUrl {
  readonly endpoint: string;
  readonly query: ReadonlyMap<string, string>;
  /** The additional parameters of the query. */
  readonly parameters: readonly ExtraParameter[];
}

function splitQuery(url: string): SplitUrl {
  const at = url.indexOf('?');
  // The base is only there to parse the query: an unresolved variable in the endpoint must not hinder that.
  const { searchParams } = new URL(at === -1 ? '' : url.slice(at), 'https://query.invalid/');
  return {
    endpoint: at === -1 ? url : url.slice(0, at),
    query: new Map(searchParams),
    parameters: [...searchParams].filter(([name]) => !protocolParameters.has(name)),
  };
}

/** Scopes that were copied from a URL, decoded: `read%3Ajira-work+offline_access`. */
function decoded(scopes: string): string {
  if (!/%[0-9a-f]{2}/iu.test(scopes)) return scopes;
  try {
    return decodeURIComponent(scopes.replaceAll('+', ' '));
  } catch {
    // The percent signs are part of the scopes.
    return scopes;
  }
}
