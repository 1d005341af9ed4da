import { useLayoutEffect, useRef } from 'preact/hooks';
import { differentEndpointHosts } from '#core/client/endpoint-hosts.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import { Button } from '#ui/controls/button.tsx';
import { TextField } from '#ui/controls/field.tsx';
import { Names, Sentence } from '#ui/controls/name.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import type { ClientView } from '#wire/views.ts';
import { ImportPanel } from '../import/view/import-panel.tsx';
import type { OptionsStore } from '../state/store.ts';
import { ClientRow } from './client-row.tsx';

/** How many imported clients are named. */
const maxNames = 8;

/** All clients, with the buttons to add, import and export. */
export function ClientsView({ store }: { readonly store: OptionsStore }) {
  const { transfer, clientList } = store;
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
            <Sentence of="clients_imported" names={[<Imported key="names" clients={imported} />]} />
          </p>
          {imported.map((client) => (
            <HostsWarning key={client.id} client={client} />
          ))}
          <p>{t('clients_imported_hint')}</p>
        </Notice>
      )}
      {transfer.isImportOpen.value ? <ImportPanel transfer={transfer} /> : null}
      {clientList.total.value === 0 ? <NoClients store={store} /> : <List store={store} />}
    </>
  );
}

function List({ store }: { readonly store: OptionsStore }) {
  const { filter, isSearchable, search, total, matching, drawn, groups, drawMore } =
    store.clientList;
  const isFiltered = filter.value.trim() !== '';
  return (
    <>
      {isSearchable.value || isFiltered ? (
        <div class="client-search">
          <TextField
            id="client-search"
            type="search"
            label={t('search_clients')}
            value={filter.value}
            onInput={search}
          />
          <p class="muted" role="status">
            {matching.value === 0
              ? t('no_client_found')
              : isFiltered
                ? t('clients_found', numberText(matching.value), numberText(total.value))
                : tCount('clients_count', total.value)}
          </p>
        </div>
      ) : null}
      {groups.value.map(({ type, count, rows }) => (
        <section key={type} class="stack" aria-labelledby={`clients-${type}`}>
          <h2 id={`clients-${type}`} class="client-group">
            {providerTexts[type].label} <span class="muted">{numberText(count)}</span>
          </h2>
          <ul class="stack">
            {rows.map(({ client, hosts }) => (
              <ClientRow key={client.id} client={client} hosts={hosts} store={store} />
            ))}
          </ul>
        </section>
      ))}
      {drawn.value === matching.value ? null : (
        <div class="row">
          <Button onClick={drawMore}>{t('show_more')}</Button>
          <span class="muted">
            {t('clients_drawn', numberText(drawn.value), numberText(matching.value))}
          </span>
        </div>
      )}
    </>
  );
}

/** Their names, as long as these are few. */
function Imported({ clients }: { readonly clients: readonly ClientView[] }) {
  if (clients.length > maxNames) return <>{tCount('clients_count', clients.length)}</>;
  return <Names of={clients.map(({ name }) => name)} />;
}

function HostsWarning({ client }: { readonly client: ClientView }) {
  const hosts = differentEndpointHosts(client);
  if (hosts === undefined) return null;
  const warning = t('import_hosts_differ', hosts.authorization, hosts.token);
  return (
    <p class="problem">
      <Sentence of="labelled" names={[client.name, warning]} />
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

/** Leads to the first run. */
function NoClients({ store }: { readonly store: OptionsStore }) {
  return (
    <section class="card stack">
      <h2>{t('no_clients_title')}</h2>
      <p>{t('no_clients_text')}</p>
      <div class="row">
        <Button
          kind="primary"
          onClick={() => {
            store.goTo({ view: 'welcome' });
          }}
        >
          {t('welcome_title')}
        </Button>
      </div>
    </section>
  );
}
