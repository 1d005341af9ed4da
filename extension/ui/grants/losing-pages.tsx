import type { Origin } from '#core/values/origin.ts';
import type { SessionDetails } from '#wire/list-views.ts';
import { t, tCount, type MessageKey } from '../i18n.ts';
import { GranteeName } from './grantee-name.tsx';

interface LosingPagesProps {
  readonly pages: SessionDetails['pages'];
  /** More pages than this are only counted; all are named by default. */
  readonly mostNamed?: number;
}

/** The pages that are disconnected when a session ends, and those that lose its sites. */
export function LosingPages({ pages, mostNamed = Infinity }: LosingPagesProps) {
  const originsOf = (isOnlySession: boolean): Origin[] =>
    pages.filter((page) => page.isOnlySession === isOnlySession).map(({ origin }) => origin);
  return (
    <>
      <Origins title="sign_out_disconnects" origins={originsOf(true)} mostNamed={mostNamed} />
      <Origins title="sign_out_loses_sites" origins={originsOf(false)} mostNamed={mostNamed} />
    </>
  );
}

interface OriginsProps {
  readonly title: MessageKey;
  readonly origins: readonly Origin[];
  readonly mostNamed: number;
}

function Origins({ title, origins, mostNamed }: OriginsProps) {
  if (origins.length === 0) return null;
  return (
    <div>
      <p>{t(title)}</p>
      <ul>
        {origins.slice(0, mostNamed).map((origin) => (
          <li key={origin}>
            <GranteeName origin={origin} />
          </li>
        ))}
        {origins.length > mostNamed ? (
          <li>{tCount('more_pages', origins.length - mostNamed)}</li>
        ) : null}
      </ul>
    </div>
  );
}
