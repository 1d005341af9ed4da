import { useLayoutEffect, useRef } from 'preact/hooks';
import { differentEndpointHosts } from '#core/client/endpoint-hosts.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name, Names, Sentence } from '#ui/controls/name.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import type { ClientView } from '#wire/views.ts';
import { ImportPanel } from '../import/view/import-panel.tsx';
import type { OptionsStore } from '../state/store.ts';
import { ClientRow } from './client-row.tsx';

/** All clients, with the buttons to add, import and export. */
export function ClientsView({ store }: { readonly store: OptionsStore }) {
  const clients = store.overview.value?.clients ?? [];
  const { transfer } = store;
  const imported = transfer.imported.value;
  const savedName = store.savedName.value;
  return (
    <>
      <div class="row row-spread">
        <h1>{t('clients')}</h1>
        <Toolbar store={store} />
      </div>
      {savedName === undefined ? null : (
        <Notice>
          <p>
            <Sentence of="client_saved" names={[savedName]} />
          </p>
        </Notice>
      )}
      {imported === undefined ? null : (
        <Notice>
          <p>
            <Sentence
              of="clients_imported"
              names={[<Names key="names" of={imported.map(({ name }) => name)} />]}
            />
          </p>
          {imported.map((client) => (
            <HostsWarning key={client.id} client={client} />
          ))}
          <p>{t('clients_imported_hint')}</p>
        </Notice>
      )}
      {transfer.isImportOpen.value ? <ImportPanel transfer={transfer} /> : null}
      {clients.length === 0 ? <NoClients /> : null}
      <ul class="stack">
        {clients.map((client) => (
          <ClientRow key={client.id} client={client} store={store} />
        ))}
      </ul>
    </>
  );
}

function HostsWarning({ client }: { readonly client: ClientView }) {
  const hosts = differentEndpointHosts(client);
  if (hosts === undefined) return null;
  const warning = t('import_hosts_differ', hosts.authorization, hosts.token);
  return (
    <p class="problem">
      <Name text={client.name} />
      {`: ${warning}`}
    </p>
  );
}

function Toolbar({ store }: { readonly store: OptionsStore }) {
  const { transfer } = store;
  const isEmpty = store.overview.value?.clients.length === 0;
  const isOpen = transfer.isImportOpen.value;
  const wasOpen = useRef(isOpen);
  useLayoutEffect(() => {
    // The panel was removed with the focused element: the focus moves to the button that opened it.
    if (wasOpen.current && !isOpen) document.getElementById('open-import')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <div class="row">
      <Button
        kind="primary"
        onClick={() => {
          store.goTo({ view: 'new-client' });
        }}
      >
        {t('add_client')}
      </Button>
      {isOpen ? null : (
        <Button id="open-import" onClick={transfer.openImport}>
          {t('import')}
        </Button>
      )}
      {isEmpty ? null : <Button onClick={() => void transfer.runExport()}>{t('export')}</Button>}
    </div>
  );
}

function NoClients() {
  return (
    <section class="card stack">
      <h2>{t('no_clients_title')}</h2>
      <ol class="steps">
        <li>
          {t('no_clients_step_1')}{' '}
          <a
            href={providerTexts['atlassian-cloud'].consoleUrl ?? ''}
            target="_blank"
            rel="noreferrer"
          >
            {t('developer_console')}
          </a>
        </li>
        <li>{t('no_clients_step_2')}</li>
        <li>{t('no_clients_step_3')}</li>
      </ol>
    </section>
  );
}
