import { grantedSiteId } from '#core/grant/page-grant.ts';
import { accountTexts } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { StateMark } from '#ui/lists/state-mark.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { hasEffect } from '#ui/grants/suspended-notice.tsx';
import { SiteLabel } from '#ui/notices/site-label.tsx';
import { remedyOf } from '#ui/sessions/session-state.ts';
import type { SessionSite, PageConnectionView, SessionProblem } from '#wire/list-views.ts';
import { RemedyButton } from '../sessions/remedy-button.tsx';
import type { PagePorts } from './page-store.ts';

interface ConnectedSitesProps {
  readonly page: PageConnectionView;
  readonly store: PagePorts;
}

/** Sites with the same problem, which one button mends. */
interface SiteGroup {
  readonly problem: SessionProblem | undefined;
  readonly sites: SessionSite[];
}

/** Some sites of a connection, each as whom; those with a problem first, with the button that mends it. */
export function ConnectedSites({ page, store }: ConnectedSitesProps) {
  const { sites, awaited = [], origin } = page;
  const waiting = awaited.reduce((count, { siteCount }) => count + siteCount, 0);
  const more = page.siteCount - waiting - sites.length;
  const textOf = accountTexts(sites.map(({ account }) => account));
  return (
    <>
      <ul class="page-sites">
        {groups(sites).map((group) => (
          <Group
            key={group.sites.map(grantedSiteId).join()}
            group={group}
            access={page.access}
            hasEffect={hasEffect(page)}
            textOf={textOf}
            store={store}
          />
        ))}
      </ul>
      {more > 0 ? (
        <Button
          kind="quiet"
          onClick={() => void store.openOptions(`#/connected-pages/${encodeURIComponent(origin)}`)}
        >
          {tCount('more_sites', more)}
        </Button>
      ) : null}
    </>
  );
}

/** Each site without a problem by itself, the others by session and problem. */
function groups(sites: readonly SessionSite[]): SiteGroup[] {
  const found = new Map<string, SiteGroup>();
  for (const site of sites) {
    const { problem, sessionId } = site;
    const key = problem === undefined ? grantedSiteId(site) : `${problem} ${sessionId}`;
    const group = found.get(key) ?? { problem, sites: [] };
    group.sites.push(site);
    found.set(key, group);
  }
  return [...found.values()];
}

interface GroupProps extends Pick<ConnectedSitesProps, 'store'> {
  readonly group: SiteGroup;
  readonly access: PageConnectionView['access'];
  /** Whether the connection has an effect now. */
  readonly hasEffect: boolean;
  readonly textOf: (account: SessionSite['account']) => string;
}

function Group({ group: { problem, sites }, access, hasEffect, textOf, store }: GroupProps) {
  const [first] = sites;
  if (first === undefined) return null;
  const isWorking = problem === undefined && hasEffect;
  const lack = isWorking ? lackOf(first, access) : undefined;
  const id = `problem-${grantedSiteId(first)}`;
  const text = problem === undefined ? lack : problemTexts[problem];
  return (
    <li>
      {sites.map((site) => (
        <div key={grantedSiteId(site)} class="page-site">
          <SiteLabel site={site} accountText={textOf(site.account)} />
          {isWorking && lack === undefined ? (
            <StateMark state="good" text={t('site_works')} isIconOnly />
          ) : null}
        </div>
      ))}
      {text === undefined ? null : (
        <div class="page-problem">
          <span id={id}>
            <StateMark state="attention" text={t(text)} />
          </span>
          {problem === undefined ? (
            <Button
              aria-describedby={id}
              onClick={() => void store.openOptions(`#/sessions/${first.sessionId}`)}
            >
              {t('details')}
            </Button>
          ) : (
            <Mend describedBy={id} problem={problem} site={first} store={store} />
          )}
        </div>
      )}
    </li>
  );
}

/** What the scopes of a session that works do not allow of what the page may do. */
function lackOf({ scopedAccess }: SessionSite, access: GroupProps['access']) {
  if (scopedAccess === 'none') return 'site_without_scopes';
  return access === 'write' && scopedAccess === 'read' ? 'site_without_write_scope' : undefined;
}

const problemTexts = {
  'sign-in': 'page_problem_sign_in',
  'client-rejected': 'page_problem_client_rejected',
  'key-lost': 'page_problem_key_lost',
  'refresh-refused': 'page_problem_refresh_refused',
  'account-unknown': 'page_problem_account_unknown',
  'other-account': 'page_problem_other_account',
  'site-lost': 'page_problem_site_lost',
} as const satisfies Record<SessionProblem, string>;

interface MendProps extends Pick<ConnectedSitesProps, 'store'> {
  /** The id of what says what is wrong. */
  readonly describedBy: string;
  readonly problem: SessionProblem;
  readonly site: SessionSite;
}

function Mend({ describedBy, problem, site, store }: MendProps) {
  if (problem === 'other-account') {
    return (
      <Button aria-describedby={describedBy} onClick={store.startConnecting}>
        {t('choose_again')}
      </Button>
    );
  }
  return (
    <RemedyButton
      remedy={remedyOf(problem)}
      describedBy={describedBy}
      clientId={site.clientId}
      sessionId={site.sessionId}
      store={store}
    />
  );
}
