import type { Parameter } from './form-encoding.ts';

/**
 * The parameters of the `OAuth` challenge in a `WWW-Authenticate` header, which may contain challenges of other schemes.
 * Empty without one. Values are percent-decoded, except `realm`.
 * @see RFC 9110, section 11.6.1; RFC 5849, section 3.5.1
 */
export function oauthChallenge(header: string): Parameter[] {
  const found: Parameter[] = [];
  let scheme = '';
  for (const match of header.matchAll(challengePart)) {
    const { scheme: nextScheme, name, quoted, bare } = match.groups ?? {};
    if (nextScheme !== undefined) scheme = nextScheme.toLowerCase();
    if (name === undefined || scheme !== 'oauth') continue;
    const value = quoted?.replaceAll(/\\(.)/gu, '$1') ?? bare ?? '';
    found.push([name.toLowerCase(), name.toLowerCase() === 'realm' ? value : decoded(value)]);
  }
  return found;
}

/** Either `name=value` or the name of a scheme; other text is ignored. */
const challengePart =
  /(?<name>[!#$%&'*+.^`|~\w-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s,"]*))|(?<scheme>[!#$%&'*+.^`|~\w-]+)/gu;

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Some servers do not percent-encode values.
    return value;
  }
}
