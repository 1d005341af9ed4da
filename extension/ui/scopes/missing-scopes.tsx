import { useId } from 'preact/hooks';
import type { SessionId } from '#core/session/session.ts';
import type { Product } from '#core/session/site.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import type { AccountView, ClientView } from '#wire/views.ts';
import { accountName } from '../account-text.ts';
import { Button } from '../controls/button.tsx';
import { Sentence } from '../controls/name.tsx';
import { listed, t } from '../i18n.ts';
import type { ScopeActions } from '../state/scope-actions.ts';

interface MissingScopesProps {
  /** What the scopes are needed for: one call, or writing at all. */
  readonly purpose: 'call' | 'write';
  /** Where they are needed for writing; everywhere by default. */
  readonly products?: readonly Product[];
  /** Those that the session lacks, at least one. */
  readonly scopes: readonly string[];
  readonly sessionId: SessionId;
  /** Whose session it is. */
  readonly account: AccountView;
  /** Its client. With `scopes`, nothing is said of adding those that it requests already. */
  readonly client: Pick<ClientView, 'id' | 'type'> & Partial<Pick<ClientView, 'scopes'>>;
  readonly actions: ScopeActions;
  /** While a sign-in runs no other one can be started. */
  readonly isFlowRunning: boolean;
}

/** Which scopes a session lacks, with the button that adds them to its client and signs in again. */
export function MissingScopes(props: MissingScopesProps) {
  const { scopes, sessionId, account, client, actions, isFlowRunning } = props;
  const id = useId();
  const isRequested = scopes.every((scope) => client.scopes?.includes(scope) === true);
  const { consoleUrl } = providerTexts[client.type];
  return (
    <div class="stack stack-tight missing-scopes">
      <p id={id}>
        <Sentence of="labelled" names={[accountName(account), purposeText(props)]} />{' '}
        {scopes.map((scope) => (
          <code key={scope} class="scope">
            {scope}
          </code>
        ))}
      </p>
      <div class="row">
        <Button
          aria-describedby={id}
          disabled={isFlowRunning}
          onClick={() => void actions.addScopesAndSignIn(client.id, scopes, sessionId)}
        >
          {t(isRequested ? 'sign_in_again' : 'add_and_sign_in')}
        </Button>
        {isRequested || consoleUrl === undefined ? null : (
          <span class="muted small">
            {t('scopes_in_app_too')}{' '}
            <a href={consoleUrl} target="_blank" rel="noreferrer">
              {t('developer_console')}
            </a>
          </span>
        )}
      </div>
    </div>
  );
}

function purposeText({ purpose, products }: MissingScopesProps): string {
  if (purpose === 'call') return t('scopes_lacking_call');
  if (products === undefined) return t('scopes_lacking_write');
  return t('scopes_lacking_write_to', listed(products.map((one) => t(`product_${one}`))));
}
