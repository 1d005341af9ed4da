import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { apiBaseOf } from '#core/client/client-endpoints.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import { providerTypes, type ProviderType } from '#core/provider/provider-type.ts';
import type { ClientView } from '#wire/views.ts';

/** From this number of clients on, they can be searched. */
const searchedFrom = 7;
/** How many rows are drawn at first, and with each further request. */
const rowsAtOnce = 30;

/** A client of the list, and the hosts that get its secret or its tokens. */
export interface ListedClient {
  readonly client: ClientView;
  readonly hosts: readonly string[];
}

/** The clients of one type that match the search. */
export interface ClientGroup {
  readonly type: ProviderType;
  /** How many there are; those of `rows` are drawn. */
  readonly count: number;
  readonly rows: readonly ListedClient[];
}

/** The list of clients: its search, and what is drawn of it. */
export interface ClientList {
  readonly filter: ReadonlySignal<string>;
  readonly isSearchable: ReadonlySignal<boolean>;
  /** How many clients there are. */
  readonly total: ReadonlySignal<number>;
  /** How many match the search. */
  readonly matching: ReadonlySignal<number>;
  /** How many of them are drawn. */
  readonly drawn: ReadonlySignal<number>;
  readonly groups: ReadonlySignal<readonly ClientGroup[]>;
  /** Searches name, client ID, hosts, type and description for all words of a text. */
  readonly search: (text: string) => void;
  readonly drawMore: () => void;
}

export function createClientList(
  clients: ReadonlySignal<readonly ClientView[] | undefined>,
): ClientList {
  const filter = signal('');
  const limit = signal(rowsAtOnce);
  const all = computed(() => (clients.value ?? []).map(entryOf));
  const found = computed(() => {
    const words = filter.value.toLowerCase().split(/\s+/u);
    return all.value.filter(({ text }) => words.every((word) => text.includes(word)));
  });
  const groups = computed(() => grouped(found.value, limit.value));
  return {
    filter,
    isSearchable: computed(() => all.value.length >= searchedFrom),
    total: computed(() => all.value.length),
    matching: computed(() => found.value.length),
    drawn: computed(() => groups.value.reduce((sum, { rows }) => sum + rows.length, 0)),
    groups,
    search: (text) => {
      filter.value = text;
      limit.value = rowsAtOnce;
    },
    drawMore: () => {
      limit.value += rowsAtOnce;
    },
  };
}

interface Entry extends ListedClient {
  /** What is searched, in lower case. */
  readonly text: string;
}

function entryOf(client: ClientView): Entry {
  const hosts = hostsOf(client);
  const { label } = providerTexts[client.type];
  const { name, clientId, description, product = '' } = client;
  const text = [name, clientId, description, product, label, ...hosts].join('\n').toLowerCase();
  return { client, hosts, text };
}

function hostsOf(client: ClientView): string[] {
  const addresses = [client.authorizationEndpoint, client.tokenEndpoint, apiBaseOf(client)];
  const hosts = addresses.flatMap((address) =>
    address === undefined || !URL.canParse(address) ? [] : [new URL(address).host],
  );
  return [...new Set(hosts)];
}

/** The first entries, in the order of the types. */
function grouped(entries: readonly Entry[], limit: number): ClientGroup[] {
  let left = limit;
  return providerTypes.flatMap((type) => {
    const ofType = entries.filter(({ client }) => client.type === type);
    const rows = ofType.slice(0, left);
    left -= rows.length;
    return rows.length === 0 ? [] : [{ type, count: ofType.length, rows }];
  });
}
