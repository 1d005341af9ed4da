import { scopesToWrite } from '#core/operations/write-scopes.ts';
import { Button } from '#ui/controls/button.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { MissingScopes } from '#ui/scopes/missing-scopes.tsx';
import type { SessionDetails } from '#wire/list-views.ts';
import type { SessionContext } from './session-context.ts';

interface SessionScopesProps extends SessionContext {
  readonly details: SessionDetails;
}

/** The scopes that a session has, those that its client asks for besides, and those that it needs to write. */
export function SessionScopes(props: SessionScopesProps) {
  const { details, clients, signIn, scopeActions, isFlowRunning } = props;
  const { id, clientId, account, grantedScopes, missingScopes } = details.row;
  const client = clients.find((one) => one.id === clientId);
  const readOnly = details.products.filter(
    (product) => scopesToWrite(product, grantedScopes).length > 0,
  );
  const toWrite = readOnly.flatMap((product) => scopesToWrite(product, grantedScopes));
  return (
    <>
      {missingScopes.length === 0 ? null : (
        <div class="stack stack-tight">
          <p id={`asked-${id}`}>
            {t('client_also_asks')} <Scopes scopes={missingScopes} />
          </p>
          <div class="row">
            <Button
              aria-describedby={`asked-${id}`}
              disabled={isFlowRunning}
              onClick={() => void signIn(clientId, id)}
            >
              {t('sign_in_to_add')}
            </Button>
          </div>
        </div>
      )}
      {grantedScopes.length === 0 ? null : (
        <details>
          <summary>
            {t('granted_scopes')} ({tCount('scopes_count', grantedScopes.length)})
          </summary>
          <p>
            <Scopes scopes={grantedScopes} />
          </p>
        </details>
      )}
      {toWrite.length === 0 || client === undefined ? null : (
        <details>
          <summary>{t('scopes_for_writing')}</summary>
          <MissingScopes
            purpose="write"
            products={readOnly}
            scopes={toWrite}
            sessionId={id}
            account={account}
            client={client}
            actions={scopeActions}
            isFlowRunning={isFlowRunning}
          />
        </details>
      )}
    </>
  );
}

function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <>
      {scopes.map((scope) => (
        <code key={scope} class="scope">
          {scope}
        </code>
      ))}
    </>
  );
}
