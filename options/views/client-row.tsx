import { usesClientSecret } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name, Sentence } from '#ui/controls/name.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { dateTime, listed, numberText, t, tCount } from '#ui/i18n.ts';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import type { ClientView, QuotaView } from '#wire/views.ts';
import type { OptionsStore } from '../state/store.ts';
import { typeLabel } from '../state/type-label.ts';
import { DeletePanel } from './delete-panel.tsx';

interface ClientPartProps {
  readonly client: ClientView;
  readonly store: OptionsStore;
}

interface ClientRowProps extends ClientPartProps {
  /** The hosts that get its secret or its tokens. */
  readonly hosts: readonly string[];
}

/** One client: its configuration, its sessions, what is wrong with it, the actions on it. */
export function ClientRow({ client, hosts, store }: ClientRowProps) {
  const { id, name, description } = client;
  const deletion = store.deletion.value;
  return (
    <li class="card stack" aria-labelledby={`client-${id}`}>
      <div class="stack stack-tight">
        <h3 id={`client-${id}`}>
          <Name text={name} />
        </h3>
        {description === '' ? null : (
          <p>
            <Name text={description} />
          </p>
        )}
        {client.managed === undefined ? null : <ManagedMark />}
        <ClientFacts client={client} hosts={hosts} store={store} />
      </div>
      {deletion?.id === id ? (
        <DeletePanel client={client} deletion={deletion} store={store} />
      ) : (
        <ClientButtons client={client} store={store} />
      )}
    </li>
  );
}

function ClientFacts({ client, hosts, store }: ClientRowProps) {
  const isOAuth1 = profileOf(client.type).protocol === 'oauth1';
  const sessions = store.overview.value?.sessionCountOf[client.id] ?? 0;
  return (
    <>
      <p class="muted small">
        {typeLabel(client)} ·{' '}
        <Sentence
          of={isOAuth1 ? 'consumer_key_named' : 'client_id_named'}
          names={[<code>{client.clientId}</code>]}
        />
        {isOAuth1 ? null : <> · {tCount('scopes_count', client.scopes.length)}</>}
      </p>
      <p class="muted small">
        {sessions === 0 ? (
          t('nobody_signed_in')
        ) : (
          <a href="#/sessions">{tCount('sessions_count', sessions)}</a>
        )}
        {' · '}
        {listed(hosts)}
      </p>
      <HourFacts quota={store.quota.quotas.value.find(({ clientId }) => clientId === client.id)} />
      {client.rejectedAtMs === undefined ? null : (
        <p class="problem">{t('client_refused_since', dateTime(client.rejectedAtMs))}</p>
      )}
      {client.hasSecret || !usesClientSecret(client) ? null : (
        <p class="problem">{t('secret_missing')}</p>
      )}
      {client.isKeyPairLost === true ? <p class="problem">{t('key_pair_lost')}</p> : null}
      {client.isHttpAllowed === true ? <p class="problem">{t('http_warning')}</p> : null}
      {client.pkceMethod === 'plain' ? <p class="problem">{t('pkce_plain_warning')}</p> : null}
    </>
  );
}

/** What the app did in this hour; nothing when it did nothing. */
function HourFacts({ quota: hour }: { readonly quota: QuotaView | undefined }) {
  if (hour === undefined) return null;
  const { calls, points, quota, limited, held, closedUntilMs } = hour;
  const facts = [
    tCount('hour_calls', calls),
    ...(quota === undefined ? [] : [t('hour_points', numberText(points), numberText(quota))]),
    ...(limited === 0 ? [] : [tCount('hour_limited', limited)]),
    ...(held === 0 ? [] : [tCount('hour_held', held)]),
  ];
  return (
    <>
      <p class="muted small">{t('this_hour', listed(facts))}</p>
      {closedUntilMs === undefined ? null : (
        <p class="problem">{t('points_used_up', dateTime(closedUntilMs))}</p>
      )}
    </>
  );
}

function ClientButtons({ client, store }: ClientPartProps) {
  const { id } = client;
  const describedBy = `client-${id}`;
  return (
    <div class="row">
      <Button
        aria-describedby={describedBy}
        disabled={isFlowRunning(store.overview.value?.flow)}
        onClick={() => void store.signIn(id)}
      >
        {t('sign_in')}
      </Button>
      <Button
        aria-describedby={describedBy}
        onClick={() => {
          store.goTo({ view: 'client', id });
        }}
      >
        {t(client.managed?.hasSecret === true ? 'show_client' : 'edit')}
      </Button>
      <Button
        aria-describedby={describedBy}
        onClick={() => {
          store.goTo({ view: 'new-client', copyOf: id });
        }}
      >
        {t('duplicate')}
      </Button>
      <Button aria-describedby={describedBy} onClick={() => void store.transfer.runExport(id)}>
        {t('export_one')}
      </Button>
      {client.managed === undefined ? (
        <Button
          kind="danger"
          aria-describedby={describedBy}
          onClick={() => void store.startDeletion(id)}
        >
          {t('delete')}
        </Button>
      ) : null}
    </div>
  );
}
