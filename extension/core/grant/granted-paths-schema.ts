import * as v from 'valibot';
import { isPathPrefix, maxGrantedPaths } from './granted-paths.ts';

/** Reads the path prefixes of a grant. Their number is checked first, so that a long list is refused at once. */
export const GrantedPathsSchema = v.pipe(
  v.array(v.unknown()),
  v.minLength(1),
  v.maxLength(maxGrantedPaths),
  v.array(v.pipe(v.string(), v.check(isPathPrefix))),
);
