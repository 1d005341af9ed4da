import { t, tCount } from '../i18n.ts';

interface PathListProps {
  /** Path prefixes, see `isWithinPaths`. */
  readonly paths: readonly string[];
  /** Those to mark as new. */
  readonly added?: readonly string[] | undefined;
}

/** More paths than this are folded. */
const mostShownPaths = 4;

/** The paths that may be called, in words. */
export function PathList({ paths, added = [] }: PathListProps) {
  return (
    <details open={paths.length <= mostShownPaths}>
      <summary>{tCount('paths_only', paths.length)}</summary>
      <ul class="paths">
        {paths.map((path) => (
          <li key={path}>
            <code>{path}</code>
            {added.includes(path) ? <span class="tag">{t('path_added')}</span> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
