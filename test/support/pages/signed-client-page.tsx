/** @jsxImportSource preact */
import { screen } from '@testing-library/preact';
import { blankDraft, draftOf } from '../../../extension/core/client/client-configuration.ts';
import { endpointsAt } from '../../../extension/core/provider/derived-endpoints.ts';
import type { ClientView, Overview } from '../../../extension/wire/views.ts';
import type { OptionsPorts } from '../../../options/state/store.ts';
import { anOverview, clientId, type FakeWorker } from '../samples/ui-views.ts';
import { showOptions } from './options-page.tsx';
import type { OptionsWorld } from './options-store.ts';

/** Where the product of {@link aLink} lies. */
export const baseUrl = 'https://example.com/jira';
/** The key of {@link aLink}. */
export const publicKeyPem = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n';

/** An application link as the worker reports it. */
export function aLink(part: Partial<ClientView> = {}): ClientView {
  return {
    ...draftOf({
      ...blankDraft('application-link'),
      ...endpointsAt('application-link', baseUrl),
      baseUrl,
      name: 'Our Jira',
      clientId: 'threelo',
    }),
    id: clientId,
    hasSecret: false,
    redirectUri: 'https://id.chromiumapp.org/x',
    publicKeyPem,
    ...part,
  };
}

/** Opens the form of a saved client. */
export async function openClient(
  worker: FakeWorker,
  client = aLink(),
  part: Partial<Overview> = {},
  ports: Partial<OptionsPorts> = {},
): Promise<OptionsWorld> {
  const overview = anOverview({ clients: [client], ...part });
  const world = await showOptions(worker, overview, `#/clients/${clientId}`, ports);
  await screen.findByRole('heading', { level: 1, name: `Edit client “${client.name}”` });
  return world;
}

/** A button that is there. */
export function button(name: string): HTMLButtonElement {
  return screen.getByRole<HTMLButtonElement>('button', { name });
}
