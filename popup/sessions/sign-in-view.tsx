import { useState } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { Fold } from '#ui/lists/fold.tsx';
import { SearchField } from '#ui/lists/search-field.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import { maxRows, type PopupView, type SignInClient } from '#wire/list-views.ts';
import type { SessionsPorts } from './sessions-store.ts';

/** More clients than this get a search instead of a wide button each. */
const mostButtons = 6;

interface SignInProps {
  readonly store: SessionsPorts;
  readonly view: PopupView;
}

/** The first sign-in, or one with another account. Without a client there is nothing to sign in with. */
export function SignInView({ store, view }: SignInProps) {
  const { clients, sessionCount, flow } = view;
  if (clients.length === 0) return null;
  if (sessionCount > 0) {
    const { sections, toggle } = store.sessions;
    return (
      <Fold
        id="sign-in"
        title={t('another_account')}
        isOpen={sections.value['sign-in'] ?? false}
        onToggle={(isOpen) => {
          toggle('sign-in', isOpen);
        }}
      >
        <div class="stack stack-tight">
          <p class="muted small">{t('another_account_hint')}</p>
          <Clients store={store} view={view} />
        </div>
      </Fold>
    );
  }
  if (isFlowRunning(flow)) return null;
  return (
    <section class="stack stack-tight" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{t('no_session_title')}</h2>
      <p>{t('no_session_text')}</p>
      <Clients store={store} view={view} />
    </section>
  );
}

/** A button for each client. */
function Clients({ store, view: { clients, flow } }: SignInProps) {
  const isRunning = isFlowRunning(flow) || store.pendingActions.running.value.has('sign-in');
  const start = ({ id }: SignInClient): void => {
    if (!isRunning) void store.signIn(id);
  };
  const [only] = clients;
  if (only !== undefined && clients.length === 1) {
    return (
      <Button
        kind="primary"
        isWide
        aria-disabled={isRunning}
        onClick={() => {
          start(only);
        }}
      >
        {t('sign_in')}
      </Button>
    );
  }
  if (clients.length > mostButtons)
    return <ClientSearch clients={clients} isRunning={isRunning} onStart={start} />;
  return <ClientList clients={clients} isRunning={isRunning} onStart={start} />;
}

interface ClientListProps {
  readonly clients: readonly SignInClient[];
  readonly isRunning: boolean;
  readonly onStart: (client: SignInClient) => void;
}

function ClientList({ clients, isRunning, onStart }: ClientListProps) {
  return (
    <ul class="client-list">
      {clients.map((client) => (
        <li key={client.id}>
          <Button
            isWide
            aria-disabled={isRunning}
            onClick={() => {
              onStart(client);
            }}
          >
            <Sentence of="sign_in_with" names={[client.name]} />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function ClientSearch({ clients, ...rest }: ClientListProps) {
  const [filter, setFilter] = useState('');
  const words = filter.toLowerCase().split(/\s+/u);
  const matching = clients.filter(({ name }) => {
    const text = name.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const shown = matching.slice(0, maxRows);
  return (
    <div class="stack stack-tight">
      <SearchField
        id="client-search"
        label={t('search_clients')}
        placeholder={t('search_clients_placeholder')}
        value={filter}
        onInput={setFilter}
      />
      <p class="muted small" role="status">
        {matching.length === 0 ? t('no_client_found') : tCount('clients_count', matching.length)}
      </p>
      <ClientList clients={shown} {...rest} />
      {shown.length < matching.length ? (
        <p class="muted small">{tCount('clients_left', matching.length - shown.length)}</p>
      ) : null}
    </div>
  );
}
