import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { LosingPages } from '#ui/grants/losing-pages.tsx';
import { t, tCount } from '#ui/i18n.ts';
import type { SessionDetails, SessionRow } from '#wire/list-views.ts';
import type { SessionsPorts } from './sessions-store.ts';

interface SignOutQuestionProps {
  /** Unique in the document. */
  readonly id: string;
  readonly session: SessionRow;
  readonly name: string;
  readonly store: SessionsPorts;
  /** What gets the focus when it is asked. */
  readonly question: RefObject<HTMLParagraphElement | null>;
  readonly onCancel: () => void;
}

/** Asks whether a session is to end, and says which pages lose sites. */
export function SignOutQuestion({
  id,
  session,
  name,
  store,
  question,
  onCancel,
}: SignOutQuestionProps) {
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

/** More pages than this are only counted. */
const mostNamed = 5;

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
  return (
    <div class="small stack stack-tight">
      <LosingPages pages={pages.value} mostNamed={mostNamed} />
    </div>
  );
}
