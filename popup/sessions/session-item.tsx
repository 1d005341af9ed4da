import { siteId } from '#core/session/site.ts';
import { Name, Names } from '#ui/controls/name.tsx';
import { Icon } from '#ui/lists/icon.tsx';
import { StateMark } from '#ui/lists/state-mark.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { remedyOf, sessionState } from '#ui/sessions/session-state.ts';
import type { SessionRow } from '#wire/list-views.ts';
import { SessionDetails } from './session-details.tsx';
import { RemedyButton } from './remedy-button.tsx';
import type { SessionsPorts } from './sessions-store.ts';
import { SiteLink } from './site-link.tsx';

interface SessionItemProps {
  /** Unique in the document, and the same when a reply moves the session to another list. */
  readonly id: string;
  readonly session: SessionRow;
  /** The text for its account in this list. */
  readonly name: string;
  readonly store: SessionsPorts;
}

/** One session in a list: account, client, state, some of its sites; the rest while it is open. */
export function SessionItem({ id, session, name, store }: SessionItemProps) {
  const { rows, setRow } = store.sessions;
  const isOpen = rows.value.has(id);
  const { state, text } = sessionState(session);
  return (
    <li class="session" aria-labelledby={`${id}-title`}>
      <h3>
        <button
          type="button"
          id={`${id}-title`}
          class="session-title"
          aria-expanded={isOpen}
          aria-controls={`${id}-details`}
          onClick={() => {
            setRow(id, isOpen ? undefined : 'details');
          }}
        >
          <Icon name="chevron" />
          <span class="session-who">
            <Name text={name} />
            <small>
              <Name text={session.clientName} />
            </small>
          </span>
          <StateMark state={state} text={text} />
        </button>
      </h3>
      <div id={`${id}-details`} class="session-body">
        {isOpen ? (
          <SessionDetails id={id} session={session} name={name} store={store} />
        ) : (
          <Closed id={id} session={session} store={store} />
        )}
      </div>
    </li>
  );
}

type ClosedProps = Pick<SessionItemProps, 'id' | 'session' | 'store'>;

/** What a row shows while it is closed: sites, and the button that mends the session. */
function Closed({ id, session, store }: ClosedProps) {
  const { matchingSites, siteCount } = session;
  const hasNoSite = siteCount === 0 && session.sitesReadAtMs !== undefined;
  const remedy = remedyOf(session.problem) ?? (hasNoSite ? 'sign-in' : undefined);
  if (siteCount === 0 && remedy === undefined) return null;
  const more = siteCount - matchingSites.length;
  const links = matchingSites.map((site) => (
    <SiteLink key={siteId(site)} site={site}>
      <Name text={site.name} /> {t(`product_${site.product}`)}
    </SiteLink>
  ));
  return (
    <div class="session-closed">
      <span class="session-sites">
        <Names
          of={more > 0 && links.length > 0 ? [...links, <>{tCount('more_sites', more)}</>] : links}
        />
      </span>
      {remedy === undefined ? null : (
        <RemedyButton
          remedy={remedy}
          describedBy={`${id}-title`}
          clientId={session.clientId}
          sessionId={session.id}
          store={store}
        />
      )}
    </div>
  );
}
