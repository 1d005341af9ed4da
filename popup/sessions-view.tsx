import { TextField } from '#ui/controls/field.tsx';
import { t } from '#ui/i18n.ts';
import { SessionCard } from './session-card.tsx';
import { isFilterOffered } from './session-filter.ts';
import type { PopupStore } from './store.ts';

/** The sessions with their sites, and a filter if there are many sites. */
export function SessionsView({ store }: { readonly store: PopupStore }) {
  const sessions = store.sessions.value;
  const filter = store.filter.value;
  return (
    <>
      {isFilterOffered(store.overview.value?.sessions ?? []) ? (
        <TextField
          id="site-filter"
          type="search"
          label={t('filter_sites')}
          value={filter}
          onInput={(value) => {
            store.filter.value = value;
          }}
        />
      ) : null}
      {sessions.length === 0 && filter !== '' ? <p role="status">{t('no_site_found')}</p> : null}
      {sessions.map((session) => (
        <SessionCard key={session.id} session={session} store={store} />
      ))}
    </>
  );
}
