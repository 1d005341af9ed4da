import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Origin } from '#core/values/origin.ts';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t, tCount, type MessageKey } from '#ui/i18n.ts';
import type { SessionDetails, SessionRow } from '#wire/list-views.ts';
import type { SessionsPorts } from './sessions-store.ts';

interface SignOutQuestionProps {
  /** Unique in the document. */
  readonly id: string;
  readonly session: SessionRow;
  readonly name: string;
  readonly store: SessionsPorts;
  readonly onCancel: () => void;
}

/** Asks whether a session is to end, and says which pages lose sites. */
export function SignOutQuestion({ id, session, name, store, onCancel }: SignOutQuestionProps) {
  const question = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => question.current?.focus(), []);
  return (
    <div class="sign-out stack stack-tight" role="group" aria-labelledby={`${id}-question`}>
      <p id={`${id}-question`} ref={question} tabIndex={-1}>
        <strong>
          <Sentence of="sign_out_title" names={[name]} />
        </strong>
      </p>
      <p class="small">{t('sign_out_text')}</p>
      {session.pageCount === 0 ? null : <Pages session={session} store={store} />}
      <div class="row">
        <Button kind="danger" onClick={() => void store.sessions.signOut(session.id)}>
          {t('sign_out')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </div>
  );
}

/** The pages that lose sites; their number until they are read. */
function Pages({ session, store }: Pick<SignOutQuestionProps, 'session' | 'store'>) {
  const pages = useMemo(() => signal<SessionDetails['pages'] | undefined>(undefined), []);
  useEffect(() => {
    void store.sessions.pagesOf(session.id).then(
      (read) => {
        pages.value = read;
      },
      () => undefined, // Their number stays.
    );
  }, [session.id]);
  if (pages.value === undefined)
    return <p class="small">{tCount('sign_out_pages', session.pageCount)}</p>;
  const originsOf = (isOnlySession: boolean): Origin[] =>
    (pages.value ?? [])
      .filter((page) => page.isOnlySession === isOnlySession)
      .map(({ origin }) => origin);
  return (
    <>
      <Origins title="sign_out_disconnects" origins={originsOf(true)} />
      <Origins title="sign_out_loses_sites" origins={originsOf(false)} />
    </>
  );
}

/** More pages than this are only counted. */
const mostNamed = 5;

function Origins({ title, origins }: { title: MessageKey; origins: readonly Origin[] }) {
  if (origins.length === 0) return null;
  return (
    <div class="small">
      <p>{t(title)}</p>
      <ul class="sign-out-pages">
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
