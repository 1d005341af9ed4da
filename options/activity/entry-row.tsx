import { useMemo } from 'preact/hooks';
import type { ActivityResult, CallEntry } from '#core/activity/activity-entry.ts';
import { accountName } from '#ui/account-text.ts';
import { StateIcon, type IconState } from '#ui/controls/state-icon.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { language, t, tCount, tookText } from '#ui/i18n.ts';
import { siteHost, SiteName } from '#ui/notices/site-label.tsx';
import { MissingScopes } from '#ui/scopes/missing-scopes.tsx';
import type { ScopeActions } from '#ui/state/scope-actions.ts';
import type { ActivityEntryView, CallingSession, ClientView } from '#wire/views.ts';
import { mendOf, reasonOf, subjectOf } from './entry-reason.ts';
import { actText, resultText } from './entry-text.ts';

/** What is known beside the log. */
export interface EntryContext {
  readonly sessions: readonly CallingSession[];
  readonly clients: readonly ClientView[];
  readonly scopeActions: ScopeActions;
  readonly isFlowRunning: boolean;
}

const icons: Readonly<Record<ActivityResult, IconState>> = {
  ok: 'good',
  failed: 'failed',
  refused: 'refused',
  aborted: 'none',
};

interface EntryRowProps extends EntryContext {
  readonly entry: ActivityEntryView;
}

/** One thing that a page did, or that was done to its connection. Drawn again only when something changed: there may be 1,000. */
export function EntryRow({ entry, sessions, clients, scopeActions, isFlowRunning }: EntryRowProps) {
  const sessionId = entry.kind === 'call' ? entry.site?.sessionId : undefined;
  const session = sessions.find(({ id }) => id === sessionId);
  const isLacking = entry.missingScopes !== undefined;
  const client = isLacking ? clients.find(({ id }) => id === session?.clientId) : undefined;
  const isBusy = isLacking && isFlowRunning;
  return useMemo(
    () => (
      <Entry
        entry={entry}
        session={session}
        client={client}
        scopeActions={scopeActions}
        isFlowRunning={isBusy}
      />
    ),
    [entry, session, client, scopeActions, isBusy],
  );
}

interface EntryProps extends Pick<EntryContext, 'scopeActions' | 'isFlowRunning'> {
  readonly entry: ActivityEntryView;
  /** The session that called, while it exists. */
  readonly session: CallingSession | undefined;
  /** Its client, if the session lacks scopes. */
  readonly client: ClientView | undefined;
}

function Entry(props: EntryProps) {
  const { entry, session } = props;
  const call = entry.kind === 'call' ? entry : undefined;
  const hasResult = entry.kind === 'call' || entry.kind === 'question';
  return (
    <li class="entry">
      <time class="muted" dateTime={new Date(entry.atMs).toISOString()}>
        {clockTime(entry.atMs)}
      </time>
      <span class="with-icon">
        {hasResult ? (
          <>
            <StateIcon state={icons[entry.result]} />
            {resultText(entry)}
          </>
        ) : null}
      </span>
      <div class="stack stack-tight">
        <span>{call === undefined ? actText(entry) : <code>{actText(entry)}</code>}</span>
        <span class="muted small">
          <GranteeName origin={entry.origin} />
          {call === undefined ? null : <CalledSite call={call} session={session} />}
        </span>
        <Reason {...props} />
      </div>
      <span class="entry-numbers muted small">{call === undefined ? null : numbers(call)}</span>
    </li>
  );
}

let clock: Intl.DateTimeFormat | undefined;

/** To make a format takes a hundred times as long as to use it. */
function clockTime(atMs: number): string {
  clock ??= new Intl.DateTimeFormat(language(), { timeStyle: 'medium' });
  return clock.format(atMs);
}

function numbers({ status, tookMs, attempts }: CallEntry): string {
  return [
    ...(status === undefined ? [] : [t('http_status', String(status))]),
    tookText(tookMs),
    ...(attempts === undefined ? [] : [tCount('sent_times', attempts)]),
  ].join(' · ');
}

interface CalledSiteProps {
  readonly call: CallEntry;
  readonly session: CallingSession | undefined;
}

/** The site that was called, and as whom; or the other origin that a URL named. */
function CalledSite({ call: { site, otherHost }, session }: CalledSiteProps) {
  if (site === undefined) {
    return otherHost === undefined ? null : <> · {t('outside_sites', otherHost)}</>;
  }
  return (
    <>
      {' → '}
      <SiteName site={{ name: siteHost(site), product: site.product }} />
      {session === undefined ? null : (
        <>
          {' · '}
          <Sentence of="as_account" names={[accountName(session.account)]} />
        </>
      )}
    </>
  );
}

/** Why it did not succeed, and what mends that. */
function Reason({ entry, session, client, scopeActions, isFlowRunning }: EntryProps) {
  const { missingScopes } = entry;
  if (missingScopes !== undefined && session !== undefined && client !== undefined) {
    return (
      <MissingScopes
        purpose="call"
        scopes={missingScopes}
        sessionId={session.id}
        account={session.account}
        client={client}
        actions={scopeActions}
        isFlowRunning={isFlowRunning}
      />
    );
  }
  const reason = reasonOf(entry);
  if (reason === undefined) return null;
  const subject = subjectOf(entry);
  const mend = mendOf(entry, session);
  return (
    <p>
      {reason}
      {subject === undefined ? null : (
        <>
          {' '}
          <code>({subject})</code>
        </>
      )}
      {mend === undefined ? null : (
        <>
          {' '}
          <a href={mend.href}>{mend.text}</a>
        </>
      )}
    </p>
  );
}
