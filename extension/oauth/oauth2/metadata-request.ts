import type {
  DiscoveryProblem,
  DiscoveryResult,
  ServerMetadata,
} from '#core/protocol/discovery-result.ts';
import { hasAmbiguousHost } from '#core/values/origin.ts';
import type { RequestContext } from './authorization-server.ts';
import { isolatedRequest } from '../fetch.ts';
import { readBeginning, type BodyBeginning } from '../read-body.ts';

/** The maximum size of a metadata document, in bytes. */
const maxDocumentBytes = 262_144;

/**
 * Requests the metadata of a server, first at the well-known URL of OpenID Connect, then at that of OAuth 2.0.
 * @param typed the issuer, or one of its two well-known URLs
 * @see OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3
 */
export async function discover(typed: string, context: RequestContext): Promise<DiscoveryResult> {
  const issuer = readIssuer(typed);
  if (issuer === undefined) return { problem: 'issuer_invalid' };
  if (!isAllowed(issuer, context)) return { problem: 'issuer_not_https' };
  let problem: DiscoveryProblem = 'not_found';
  for (const url of wellKnownUrls(issuer)) {
    const outcome = await requestMetadata(issuer, url, context);
    if ('metadata' in outcome) return outcome;
    // The other URL may have a document even if this one has none, or a web page.
    if (outcome.problem !== 'not_found' && outcome.problem !== 'answer_invalid') return outcome;
    if (outcome.problem === 'answer_invalid') problem = outcome.problem;
  }
  return { problem };
}

async function requestMetadata(
  issuer: URL,
  url: URL,
  { fetch, signal }: RequestContext,
): Promise<DiscoveryResult> {
  let response: Response;
  let document: BodyBeginning;
  try {
    const headers = { accept: 'application/json' };
    const redirect = 'manual';
    response = await fetch(url.href, { headers, signal, ...isolatedRequest, redirect });
    document = await readBeginning(response, { maxBytes: maxDocumentBytes, signal });
  } catch {
    // The error is not reported: its message may contain the name of a proxy or an address.
    return { problem: 'unreachable' };
  }
  if (response.status >= 500 || response.status === 429) return { problem: 'unreachable' };
  if (response.status !== 200) return { problem: 'not_found' };
  const metadata = document.isComplete ? readMetadata(document.bytes) : undefined;
  if (metadata === undefined) return { problem: 'answer_invalid' };
  return isSameUrl(metadata.issuer, issuer) ? { metadata } : { problem: 'issuer_mismatch' };
}

/** Undefined when it is not a JSON object with an issuer. */
function readMetadata(bytes: Uint8Array): ServerMetadata | undefined {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ServerMetadata> | null;
    const isDocument = typeof parsed?.issuer === 'string' && URL.canParse(parsed.issuer);
    return isDocument ? (parsed as ServerMetadata) : undefined;
  } catch {
    return undefined;
  }
}

/** Without a path, a URL may be spelled with or without the slash at its end. */
function isSameUrl(issuer: string, url: URL): boolean {
  return new URL(issuer).href === url.href;
}

function isAllowed(url: URL, { isHttpAllowed }: RequestContext): boolean {
  const isAllowedScheme = url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:');
  return isAllowedScheme && !hasAmbiguousHost(url);
}

/** OpenID Connect appends to the path of the issuer, OAuth 2.0 inserts before it. */
function wellKnownUrls(issuer: URL): URL[] {
  const path = issuer.pathname.replace(/\/$/u, '');
  return [
    `${path}/.well-known/openid-configuration`,
    `/.well-known/oauth-authorization-server${path}`,
  ].map((pathname) => Object.assign(new URL(issuer), { pathname }));
}

/** Parses the typed issuer, or the issuer in a well-known URL. @see RFC 8414, section 2 */
function readIssuer(typed: string): URL | undefined {
  const text = typed.trim();
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (/[?#]/u.test(text) || url.username !== '' || url.password !== '') return undefined;
  if (hasAmbiguousHost(url)) return undefined;
  url.pathname = url.pathname
    .replace(/\/\.well-known\/openid-configuration$/u, '')
    .replace(/^\/\.well-known\/oauth-authorization-server(?=\/|$)/u, '');
  return url;
}
