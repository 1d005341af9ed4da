import { isPathPrefix, maxGrantedPaths } from '#core/grant/granted-paths.ts';
import type { MessageKey } from '../i18n.ts';

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
