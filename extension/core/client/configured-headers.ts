import type { FieldProblemName } from '../values/fault.ts';

/** Headers that a provider needs with every request to its API, e.g. `Notion-Version`: name → value. Not secret. */
export type ConfiguredHeaders = Readonly<Record<string, string>>;

/** The maximum number of headers, and the maximum length of a name or value in UTF-16 code units. */
const limits = { entries: 20, text: 1024 } as const;

const fixedNames =
  'accept-charset accept-encoding access-control-request-headers access-control-request-method connection date dnt expect forwarded host keep-alive origin range referer te trailer transfer-encoding upgrade user-agent via';
/** Set by the browser, by the page or for one connection. @see Fetch Standard, "forbidden request-header"; RFC 9110, section 7.6.1 */
const reservedNames: ReadonlySet<string> = new Set(fixedNames.split(' '));
/** Prefixes of such names, credentials, and headers that make a server read another method, address or sender. */
const reservedParts: readonly RegExp[] = [
  /^(?:content|if|proxy|sec)-/u,
  /auth|cookie|credential|key|passw|secret|session|signature|token/u,
  /forwarded|method|original|override|rewrite/u,
  /^sudo$|acting|impersonat|on-behalf|(?:client|real|remote)-(?:ip|user)/u,
];

/** Whether a configuration may not set this header. */
function isReservedHeader(name: string): boolean {
  return reservedNames.has(name) || reservedParts.some((part) => part.test(name));
}

/** What is wrong with some headers; undefined when they can be saved. */
export function configuredHeadersProblem(headers: ConfiguredHeaders): FieldProblemName | undefined {
  const entries = Object.entries(headers);
  const names = entries.map(([name]) => name.toLowerCase());
  const areValid =
    entries.length <= limits.entries &&
    new Set(names).size === names.length &&
    entries.every(
      ([name, value]) =>
        /^[\w!#$%&'*+.^`|~-]+$/u.test(name) &&
        /^[\x21-\x7E](?:[\t\x20-\x7E]*[\x21-\x7E])?$/u.test(value) &&
        Math.max(name.length, value.length) <= limits.text,
    );
  if (!areValid) return 'header_invalid';
  return names.some(isReservedHeader) ? 'header_reserved' : undefined;
}
