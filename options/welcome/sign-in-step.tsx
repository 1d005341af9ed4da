import { accountText } from '#ui/account-text.ts';
import { Button } from '#ui/controls/button.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { FaultMessage } from '#ui/notices/fault-message.tsx';
import { FlowNotice } from '#ui/notices/flow-notice.tsx';
import { SiteLabel } from '#ui/notices/site-label.tsx';
import type { FlowActions } from '#ui/state/flow-actions.ts';
import type { PageToReturnTo } from '#ui/state/options-routes.ts';
import type { FlowView } from '#wire/views.ts';
import type { FoundSites, WelcomeStore } from './welcome-store.ts';

interface SignInStepProps {
  readonly store: WelcomeStore;
  readonly flow: FlowView | undefined;
  readonly actions: FlowActions;
  /** The page that the person came from. */
  readonly page: PageToReturnTo | undefined;
}

/** The state of the sign-in; at last the account, its sites, and what comes next. */
export function SignInStep({ store, flow, actions, page }: SignInStepProps) {
  const found = store.found.value;
  if (found !== undefined) return <SignedIn found={found} flow={flow} store={store} page={page} />;
  if (flow === undefined && actions.refusedSignIn.value === undefined)
    return <p class="muted">{t('welcome_sign_in_hint')}</p>;
  return <FlowNotice flow={flow} actions={actions} />;
}

interface SignedInProps extends Pick<SignInStepProps, 'store' | 'flow' | 'page'> {
  readonly found: FoundSites;
}

function SignedIn({ found, flow, store, page }: SignedInProps) {
  const { account, sites, count } = found;
  return (
    <>
      <p role="status">
        {t('flow_succeeded_as', accountText(account))} {tCount('welcome_sites', count)}
      </p>
      {flow?.fault === undefined || count > 0 ? null : (
        <div class="notice notice-warn">
          <FaultMessage fault={flow.fault} />
        </div>
      )}
      <ul class="welcome-sites">
        {sites.map((site) => (
          <li key={`${site.product} ${site.cloudId}`}>
            <SiteLabel site={site} />
          </li>
        ))}
      </ul>
      <Next store={store} page={page} />
    </>
  );
}

/** What to do with the page that the person came from, or with any other. */
function Next({ store, page }: Pick<SignInStepProps, 'store' | 'page'>) {
  return (
    <>
      <p>{t(page === undefined ? 'welcome_next' : 'welcome_next_back')}</p>
      <div class="row">
        {page === undefined ? null : (
          <Button kind="primary" onClick={() => void store.showPage(page)}>
            {t('back_to_page', new URL(page.origin).host)}
          </Button>
        )}
        <Button onClick={store.startAgain}>{t('welcome_again')}</Button>
      </div>
    </>
  );
}
