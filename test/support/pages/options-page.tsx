/** @jsxImportSource preact */
import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import type { ProviderType } from '../../../extension/core/provider/provider-type.ts';
import type { Overview } from '../../../extension/wire/views.ts';
import { Options } from '../../../options/options.tsx';
import type { OptionsPorts } from '../../../options/state/store.ts';
import { aClient, anOverview, FakeWorker } from '../samples/ui-views.ts';
import { optionsStore, type OptionsWorld } from './options-store.ts';

/** The hash under which a client is added. */
const newClient = '#/clients/new';

/** A worker that saves any client and derives callback URLs. */
export function savingWorker(): FakeWorker {
  return new FakeWorker()
    .answer('client.redirect-uri', ({ authorizationEndpoint }: Record<string, string>) => ({
      redirectUri: `https://id.chromiumapp.org/for?${authorizationEndpoint}`,
    }))
    .answer('client.create', () => aClient())
    .answer('client.update', () => aClient());
}

/** Draws the options page as a person finds it under a hash. */
export async function showOptions(
  worker: FakeWorker,
  overview: Overview,
  hash = '',
  part: Partial<OptionsPorts> = {},
): Promise<OptionsWorld> {
  worker.answer('overview.get', () => overview);
  const world = optionsStore(worker, part);
  world.store.arrive(hash);
  render(<Options store={world.store} />);
  await world.store.reload();
  await screen.findByRole('heading', { level: 1 });
  return world;
}

/** Presses a button, as soon as it is there. */
export async function press(name: string): Promise<void> {
  fireEvent.click(await screen.findByRole('button', { name }));
}

/** Presses a button as soon as it can be pressed. */
export async function pressEnabled(name: string): Promise<void> {
  const button = await screen.findByRole<HTMLButtonElement>('button', { name });
  await waitFor(() => {
    if (button.disabled) throw new Error(`${name} is disabled`);
  });
  fireEvent.click(button);
}

/** Puts a text into a field. */
export function type(label: string, value: string): void {
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
}

/** Takes one of the choices of a field. */
export function choose(label: string, value: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

/** The value of a field. */
export function valueOf(label: string): string {
  return screen.getByLabelText<HTMLInputElement>(label).value;
}

/** Begins a new client of a kind, named and with credentials. */
export async function beginClient(
  worker: FakeWorker,
  kind: ProviderType,
  part: Partial<OptionsPorts> = {},
): Promise<OptionsWorld> {
  const world = await showOptions(worker, anOverview({ clients: [] }), newClient, part);
  type('Name', 'Mine');
  type('Client ID', 'abc');
  type('Client secret', 'hidden');
  choose('Type', kind);
  await waitFor(() => {
    if (valueOf('Type') !== kind) throw new Error(`the type is ${valueOf('Type')}`);
  });
  return world;
}

/** The clients that a command told the worker to save. */
export function sentClients(
  worker: FakeWorker,
  name: 'client.create' | 'client.update' = 'client.create',
): Record<string, unknown>[] {
  return (worker.bodies(name) as { client: Record<string, unknown> }[]).map(({ client }) => client);
}

/** Saves the one new client, and returns what was sent to the worker. */
export async function savedClient(worker: FakeWorker): Promise<Record<string, unknown>> {
  await press('Save');
  return waitFor(() => {
    const [client, ...others] = sentClients(worker);
    if (client === undefined || others.length > 0) throw new Error('not saved once');
    return client;
  });
}
