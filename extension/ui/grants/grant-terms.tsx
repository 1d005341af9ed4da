import type { GrantView } from '#wire/views.ts';
import { t } from '../i18n.ts';
import { PathList } from './path-list.tsx';

/** How long a grant lasts and which paths it covers, as far as it is limited. */
export function GrantTerms({
  grant: { duration, paths },
}: {
  readonly grant: Pick<GrantView, 'duration' | 'paths'>;
}) {
  return (
    <>
      {paths === undefined ? null : <PathList paths={paths} />}
      {duration === 'session' ? <p class="muted small">{t('duration_session')}</p> : null}
    </>
  );
}
