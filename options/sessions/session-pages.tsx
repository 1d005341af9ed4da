import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t } from '#ui/i18n.ts';
import type { SessionDetails } from '#wire/list-views.ts';
import { EntryRow } from '../activity/entry-row.tsx';
import type { SessionContext } from './session-context.ts';

/** The connected pages that use the open session. */
export function SessionPages({ pages }: Pick<SessionDetails, 'pages'>) {
  return (
    <section class="stack stack-tight" aria-labelledby="session-pages">
      <h3 id="session-pages">{t('session_pages')}</h3>
      {pages.length === 0 ? <p class="muted">{t('no_session_pages')}</p> : null}
      <ul>
        {pages.map(({ origin }) => (
          <li key={origin}>
            <a href={`#/connected-pages/${encodeURIComponent(origin)}`}>
              <GranteeName origin={origin} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SessionProblemsProps extends SessionContext {
  readonly details: SessionDetails;
}

/** The last calls with the open session that did not succeed. */
export function SessionProblems({
  details,
  clients,
  scopeActions,
  isFlowRunning,
}: SessionProblemsProps) {
  const { recentProblems, row } = details;
  if (recentProblems.length === 0) return null;
  const sessions = [{ id: row.id, account: row.account, clientId: row.clientId }];
  return (
    <section class="stack stack-tight" aria-labelledby="session-problems">
      <h3 id="session-problems">{t('session_problems')}</h3>
      <ol class="entries">
        {recentProblems.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            sessions={sessions}
            clients={clients}
            scopeActions={scopeActions}
            isFlowRunning={isFlowRunning}
          />
        ))}
      </ol>
    </section>
  );
}
