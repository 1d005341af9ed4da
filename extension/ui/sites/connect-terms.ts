import { isPathPrefix, maxGrantedPaths } from '#core/grant/granted-paths.ts';
import { grantedSite, type Access, type GrantDuration } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { GrantView } from '#wire/views.ts';
import type { MessageKey } from '../i18n.ts';
import type { SelectedSite } from './site-selection.ts';

/** The path prefixes in a text, one a line. */
export interface TypedPaths {
  readonly paths: readonly string[];
  /** The first problem, as the arguments of `t`. */
  readonly problem?: readonly [key: MessageKey, ...substitutions: string[]];
}

export function typedPaths(text: string): TypedPaths {
  const lines = text.split('\n').map((line) => line.trim());
  const paths = [...new Set(lines.filter((line) => line !== ''))];
  const invalid = paths.find((path) => !isPathPrefix(path));
  if (paths.length === 0) return { paths, problem: ['paths_missing'] };
  if (invalid !== undefined) return { paths, problem: ['path_invalid', invalid] };
  if (paths.length > maxGrantedPaths)
    return { paths, problem: ['paths_too_many', String(maxGrantedPaths)] };
  return { paths };
}

/** What is chosen for a page beside its sites. */
export interface ConnectTerms {
  readonly access: Access;
  readonly duration: GrantDuration;
  readonly isEveryPath: boolean;
  /** The typed path prefixes, one a line. */
  readonly pathsText: string;
}

/** What the choices begin with; without a grant, every path until it is withdrawn. */
export function firstTerms(
  grant: GrantView | undefined,
  defaultAccess: Access = 'read',
): ConnectTerms {
  const { access = defaultAccess, duration = 'always', paths } = grant ?? {};
  return { access, duration, isEveryPath: paths === undefined, pathsText: paths?.join('\n') ?? '' };
}

/** The request for what was chosen; undefined while something is missing. */
export function grantRequest(
  origin: Origin,
  chosen: readonly SelectedSite[],
  { access, duration, isEveryPath, pathsText }: ConnectTerms,
): RequestOf<'grant.prepare'> | undefined {
  const { paths, problem } = typedPaths(pathsText);
  if (chosen.length === 0 || (!isEveryPath && problem !== undefined)) return undefined;
  return {
    origin,
    sites: chosen.map(grantedSite),
    access,
    duration,
    ...(isEveryPath ? {} : { paths: [...paths] }),
  };
}
