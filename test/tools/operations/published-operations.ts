import { methodLetters, type OperationMethod } from '#core/operations/operation-table.ts';

/** One operation of Atlassian's REST APIs, and which scopes reach it. */
export interface PublishedOperation {
  readonly method: OperationMethod;
  /** With `{name}` for a parameter, below the site's URL. */
  readonly path: string;
  /** All scopes of one of the lists are needed. Without a list 3LO apps cannot call it. */
  readonly alternatives: readonly (readonly string[])[];
}

/** The members of an OpenAPI document that are read. */
interface OpenApiDocument {
  readonly servers?: readonly { readonly url?: string }[];
  readonly security?: readonly SecurityRequirement[];
  readonly components?: {
    readonly securitySchemes?: Readonly<Record<string, { readonly type?: string }>>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Scheme names, each with its scopes: all of them are needed. */
type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

interface OpenApiOperation {
  readonly security?: readonly SecurityRequirement[];
  readonly 'x-atlassian-oauth2-scopes'?: readonly {
    readonly state?: string;
    readonly scopes?: readonly string[];
  }[];
}

const methods = Object.keys(methodLetters) as OperationMethod[];

/**
 * Reads the operations of an OpenAPI document as Atlassian publishes them. `x-atlassian-oauth2-scopes` has an entry for the
 * classic scopes of an operation and one for the granular ones: each is enough, and needs all its scopes. Without this member
 * the scopes of `security` count. An operation with neither is closed to 3LO apps.
 * @see OpenAPI Specification 3.0, "Security Requirement Object"
 * @throws Error when it is not an OpenAPI document
 */
export function readOpenApi(document: unknown): PublishedOperation[] {
  if (!isOpenApi(document)) throw new Error('not an OpenAPI document: no `openapi` and `paths`');
  const base = basePathOf(document);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method): PublishedOperation[] => {
      const operation = item[method.toLowerCase()] as OpenApiOperation | undefined;
      if (operation === undefined) return [];
      const alternatives = alternativesOf(operation, document);
      return [{ method, path: `${base}${path}`, alternatives }];
    }),
  );
}

function isOpenApi(document: unknown): document is OpenApiDocument {
  if (typeof document !== 'object' || document === null) return false;
  return 'openapi' in document && 'paths' in document && typeof document.paths === 'object';
}

/** The path of the server, e.g. `/wiki/api/v2`; the host may have a variable. */
function basePathOf({ servers }: OpenApiDocument): string {
  const url = (servers?.[0]?.url ?? '').replaceAll(/\{[^}]*\}/gu, 'site');
  return URL.parse(url, 'https://site')?.pathname.replace(/\/+$/u, '') ?? '';
}

function alternativesOf(
  operation: OpenApiOperation,
  { security = [], components }: OpenApiDocument,
): readonly (readonly string[])[] {
  const isOAuth2 = (scheme: string): boolean =>
    components?.securitySchemes?.[scheme]?.type === 'oauth2';
  // The classic scopes are `Current`, the granular ones `Beta`.
  const named = operation['x-atlassian-oauth2-scopes']?.toSorted(
    (one, other) => Number(one.state !== 'Current') - Number(other.state !== 'Current'),
  );
  const lists =
    named?.map(({ scopes = [] }) => scopes) ??
    (operation.security ?? security).flatMap((requirement) =>
      Object.entries(requirement).flatMap(([scheme, scopes]) => (isOAuth2(scheme) ? [scopes] : [])),
    );
  return withoutRepeated(lists.map((scopes) => scopes.toSorted()));
}

function withoutRepeated(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lists.map((list) => [list.join(' '), list])).values()];
}
