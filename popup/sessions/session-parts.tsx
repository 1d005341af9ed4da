import type { ComponentChildren } from 'preact';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import { siteName } from '#ui/notices/site-label.tsx';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import { clientRoute } from '#ui/state/options-routes.ts';
import type { SessionRow } from '#wire/list-views.ts';
import type { SiteView } from '#wire/views.ts';
import type { SessionsPorts } from './sessions-store.ts';

interface RemedyProps {
  readonly session: SessionRow;
  readonly store: SessionsPorts;
  readonly remedy: 'sign-in' | 'client';
  /** The id of what says whose session it is. */
  readonly describedBy: string;
}

/** The button that mends a session. Signing in would fail while the provider refuses the client, so that opens the client. */
export function Remedy({ remedy, describedBy, session, store }: RemedyProps) {
  const { clientId, id } = session;
  if (remedy === 'client') {
    return (
      <Button
        aria-describedby={describedBy}
        onClick={() => void store.openOptions(clientRoute(clientId))}
      >
        {t('check_client')}
      </Button>
    );
  }
  const isRunning = isFlowRunning(store.view.value?.flow);
  return (
    <Button
      aria-describedby={describedBy}
      aria-disabled={isRunning}
      onClick={() => {
        if (!isRunning) void store.signIn(clientId, id);
      }}
    >
      {t('sign_in_again')}
    </Button>
  );
}

/** A link that opens a site; only its text where the provider's address is none of the web. */
export function SiteLink({ site, children }: { site: SiteView; children: ComponentChildren }) {
  if (!/^https?:/iu.test(site.url)) return <span>{children}</span>;
  return (
    <a href={site.url} target="_blank" rel="noreferrer" title={siteName(site)}>
      {children}
    </a>
  );
}
