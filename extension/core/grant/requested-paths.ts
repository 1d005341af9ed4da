import { BrokerError } from '../values/fault.ts';
import { isPathPrefix, isWithinPaths, maxGrantedPaths } from './granted-paths.ts';

const formAdvice = `\`paths\` is a list of 1 to ${String(maxGrantedPaths)} prefixes of paths such as "/rest/api/3/issue/", without percent-encoding, dot segments and query.`;
const countAdvice = `Together with the paths that are allowed already there are more than ${String(maxGrantedPaths)}.`;

/**
 * The prefixes that a page names in a request for access, without those that another one covers, sorted; only `/` when it
 * names every path.
 * @throws BrokerError `invalid_request` with the subject `paths`
 */
export function requestedPaths(raw: unknown): readonly string[] {
  const isList = Array.isArray(raw) && raw.length > 0 && raw.length <= maxGrantedPaths;
  const named: readonly unknown[] = isList ? raw : [];
  const paths = named.filter((path) => typeof path === 'string' && isPathPrefix(path)) as string[];
  if (!isList || paths.length < named.length) throw invalidPaths(formAdvice);
  return reducedPaths(paths) ?? ['/'];
}

/** Prefixes without those that another one covers, sorted; undefined when they cover every path. */
export function reducedPaths(paths: readonly string[] | undefined): readonly string[] | undefined {
  if (paths === undefined || paths.includes('/')) return undefined;
  const unique = [...new Set(paths)];
  return unique
    .filter((path) => !unique.some((other) => other !== path && isWithinPaths(path, [other])))
    .sort();
}

/**
 * The paths that a question proposes: what the page named, and beside it what a grant of some paths allows already. A page that
 * names none asks for no other paths. Undefined for every path.
 * @param named - see {@link requestedPaths}; undefined when the page named none
 * @param granted - the paths of its grant; undefined for every path, or without a grant
 * @throws BrokerError `invalid_request` with the subject `paths` when they are too many for a grant
 */
export function proposedPaths(
  named: readonly string[] | undefined,
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  if (named === undefined) return granted;
  const proposed = reducedPaths([...named, ...(granted ?? [])]);
  if (proposed !== undefined && proposed.length > maxGrantedPaths) throw invalidPaths(countAdvice);
  return proposed;
}

function invalidPaths(advice: string): BrokerError {
  return new BrokerError('invalid_request', { subject: 'paths', advice });
}
