import { Names, Sentence } from '#ui/controls/name.tsx';
import { sentences, t } from '#ui/i18n.ts';
import { MissingScopes } from '#ui/scopes/missing-scopes.tsx';
import type { ScopeActions } from '#ui/state/scope-actions.ts';
import type { ConsoleExplanation } from '#wire/console.ts';
import type { ConsoleStore } from '../console-store.ts';
import { refusalText } from './refusal-text.ts';

/** What is needed to add scopes. */
export interface MendingProps {
  readonly store: ConsoleStore;
  readonly actions: ScopeActions;
  /** While a sign-in runs no other one can be started. */
  readonly isFlowRunning: boolean;
}

/** What the call would come to: the rule that refuses it, or the scopes that it needs and those that the session lacks. */
export function Foreseen(props: MendingProps) {
  const explanation = props.store.explanation.value;
  return (
    <div class="console-foreseen small" role="status">
      {explanation === undefined ? null : <Explained explanation={explanation} {...props} />}
    </div>
  );
}

function Explained({
  explanation,
  ...props
}: MendingProps & { readonly explanation: ConsoleExplanation }) {
  const { permitted, scopes } = explanation;
  if (permitted.ok) return <NeededScopes scopes={scopes} missing={[]} />;
  if (permitted.rule === 'closed-to-3lo') return <p>⚠ {t('console_closed')}</p>;
  if (permitted.rule !== 'scopes') {
    return <p>⚠ {sentences(t('console_would_refuse'), refusalText(permitted.rule))}</p>;
  }
  const { missingScopes } = permitted;
  return (
    <>
      <NeededScopes scopes={scopes} missing={missingScopes} />
      <Missing scopes={missingScopes} {...props} />
    </>
  );
}

/** What the session lacks, and where it is added. */
function Missing({
  scopes,
  store,
  ...mending
}: MendingProps & { readonly scopes: readonly string[] }) {
  const [client, site] = [store.client.value, store.site.value];
  if (client === undefined || site === undefined) return null;
  const { sessionId, account } = site;
  return (
    <>
      <MissingScopes
        purpose="call"
        scopes={scopes}
        sessionId={sessionId}
        account={account}
        client={client}
        {...mending}
      />
      <p>
        <a href={`#/clients/${client.id}`}>
          <Sentence of="console_show_client" names={[client.name]} />
        </a>
      </p>
    </>
  );
}

/** How many of the alternatives are shown. */
const maxAlternatives = 3;

interface NeededScopesProps {
  readonly scopes: ConsoleExplanation['scopes'];
  readonly missing: readonly string[];
}

function NeededScopes({ scopes, missing }: NeededScopesProps) {
  if (scopes === undefined) return null;
  if (scopes.some((list) => list.length === 0)) return <p>{t('console_no_scope_needed')}</p>;
  const alternatives = scopes
    .slice(0, maxAlternatives)
    .map((list) => <Scopes list={list} missing={missing} />);
  return (
    <p>
      <Sentence
        of="console_needs_scopes"
        names={[<Names of={alternatives} type="disjunction" />]}
      />
    </p>
  );
}

function Scopes({
  list,
  missing,
}: {
  readonly list: readonly string[];
  readonly missing: readonly string[];
}) {
  return (
    <>
      {list.map((scope, at) => (
        <span key={scope}>
          {at === 0 ? null : ' + '}
          <code class={missing.includes(scope) ? 'console-missing' : ''}>{scope}</code>
        </span>
      ))}
    </>
  );
}
