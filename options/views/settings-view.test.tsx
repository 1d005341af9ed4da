// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BrokerError } from '#core/values/fault.ts';
import {
  defaultSettings,
  settingFields,
  settingNames,
  type SettingName,
  type Settings,
} from '#core/values/settings.ts';
import { optionsStore } from '../../test/support/pages/options-store.ts';
import { anOverview, FakeWorker } from '../../test/support/samples/ui-views.ts';
import { Options } from '../options.tsx';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
let inForce: Settings;
let managed: readonly SettingName[] = [];
beforeEach(() => {
  inForce = { ...defaultSettings, clientDelaySeconds: 45 };
  managed = [];
  const view = () => ({ values: inForce, defaults: defaultSettings, managed });
  worker = new FakeWorker()
    .answer('overview.get', () => anOverview())
    .answer('settings.get', view)
    .answer('settings.update', ({ changes }: { changes: Partial<Settings> }) => {
      inForce = { ...inForce, ...changes };
      return view();
    })
    .answer('settings.reset', () => {
      inForce = defaultSettings;
      return view();
    });
});

async function show() {
  const { store } = optionsStore(worker);
  store.arrive('#/settings');
  render(<Options store={store} />);
  await store.reload();
  await screen.findByLabelText('Clock difference');
  return store;
}
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const type = (label: string, value: string) => fireEvent.input(field(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const toldOf = (label: string) =>
  (field(label).getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent);

it('is a section that the navigation marks as current', async () => {
  await show();
  const link = within(screen.getByRole('navigation')).getByRole('link', { name: 'Settings' });
  expect([link.getAttribute('href'), link.getAttribute('aria-current')]).toEqual([
    '#/settings',
    'page',
  ]);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Settings');
});

it('shows every setting as it is, with unit, meaning, bounds and default', async () => {
  await show();
  const inputs = [...document.querySelectorAll<HTMLInputElement>('input, select')];
  const shown = ({ id, type, value, checked }: HTMLInputElement) => [
    id,
    type,
    type === 'checkbox' ? checked : value,
  ];
  const types = { switch: 'checkbox', choice: 'select-one' } as Readonly<Record<string, string>>;
  expect(inputs.map(shown)).toEqual(
    settingNames.map((name) => {
      const { unit } = settingFields[name];
      const value = unit === 'switch' ? inForce[name] : String(inForce[name]);
      return [`setting-${name}`, types[unit] ?? 'text', value];
    }),
  );
  expect(toldOf('Time to finish a sign-in')).toEqual([
    'seconds',
    expect.stringMatching(/^The longest .+\. From 10 to 600; default: 60\.$/u),
  ]);
  expect(toldOf('Daily clean-up')[1]).toMatch(/Default: 23:00\.$/u);
  expect(toldOf('Record what pages do')).toEqual([
    expect.stringMatching(/^Which page .+\. Default: on\.$/u),
  ]);
  expect(toldOf('Let other extensions ask')[0]).toMatch(/Default: off\.$/u);
});

const advanced = () => screen.getByText('Advanced: how sessions are kept').closest('details')!;

it('shows first what people set first, and the rest folded', async () => {
  inForce = { ...defaultSettings };
  await show();
  const labels = [...document.querySelectorAll('.field')]
    .filter((one) => one.closest('details') === null)
    .map((one) => one.querySelector('label')?.textContent);
  expect(labels).toEqual([
    'Notify me when I have to sign in again',
    'Access of a new connection',
    'Record what pages do',
    'Let other extensions ask',
    'Allow connections without an end',
    'Allow plain http',
  ]);
  expect(advanced().open).toBe(false);
  fireEvent.change(screen.getByLabelText('Access of a new connection'), {
    target: { value: 'write' },
  });
  press('Save');
  await screen.findByText('The settings are saved and in effect.');
  expect(worker.bodies('settings.update')).toEqual([{ changes: { defaultAccess: 'write' } }]);
  expect(advanced().open).toBe(false);
});

it('opens what is folded when something in it differs from its default or is wrong', async () => {
  await show();
  expect(advanced().open).toBe(true);
  cleanup();
  inForce = { ...defaultSettings };
  worker.refuse('settings.update', 'invalid_settings', {
    fields: [{ field: 'pruneAt', problem: 'time_invalid' }],
  });
  await show();
  expect(advanced().open).toBe(false);
  fireEvent.click(field('Record what pages do'));
  press('Save');
  await waitFor(() => expect(advanced().open).toBe(true));
  expect(document.activeElement).toBe(field('Daily clean-up'));
});

it('keeps what is typed when the page is reloaded, and asks before it is left', async () => {
  const { store, texts } = optionsStore(worker);
  await store.settings.load();
  store.settings.set('clockSkewSeconds', '90');
  const tabTexts = {
    read: (name: string) => texts.get(name),
    write: (name: string, text: string) => texts.set(name, text),
  };
  const { store: reloaded } = optionsStore(worker, { tabTexts });
  await reloaded.settings.load();
  expect(reloaded.settings.texts.value.clockSkewSeconds).toBe('90');
  expect(reloaded.hasUnsaved()).toBe(true);
  await reloaded.settings.save();
  const { store: again } = optionsStore(worker, { tabTexts });
  await again.settings.load();
  expect(again.hasUnsaved()).toBe(false);
  for (const damaged of ['nonsense', '[]', '{"clockSkewSeconds":5,"other":"1"}', 'null']) {
    texts.set('settings', damaged);
    const { store: other } = optionsStore(worker, { tabTexts });
    await other.settings.load();
    expect(other.hasUnsaved()).toBe(false);
  }
});

it('sends what was switched with what was typed, and a switch that was set back is no change', async () => {
  const store = await show();
  fireEvent.click(screen.getByRole('checkbox', { name: 'Let other extensions ask' }));
  expect(store.hasUnsaved()).toBe(true);
  fireEvent.click(screen.getByText('Let other extensions ask'));
  expect(store.hasUnsaved()).toBe(false);
  fireEvent.click(field('Record what pages do'));
  type('Clock difference', '90');
  await waitFor(() => expect(field('Record what pages do').checked).toBe(false));
  press('Save');
  await screen.findByText('The settings are saved and in effect.');
  expect(worker.bodies('settings.update')).toEqual([
    { changes: { clockSkewSeconds: 90, activityLog: false } },
  ]);
  expect(field('Record what pages do').checked).toBe(false);
  press('Restore defaults');
  await waitFor(() => expect(field('Record what pages do').checked).toBe(true));
});

it('shows the problem of a switch that the worker refuses', async () => {
  worker.refuse('settings.update', 'invalid_settings', {
    fields: [{ field: 'otherExtensions', problem: 'choice_invalid' }],
  });
  await show();
  fireEvent.click(field('Let other extensions ask'));
  press('Save');
  await screen.findByText(/Nothing was changed/u);
  expect(document.activeElement).toBe(field('Let other extensions ask'));
  expect(field('Let other extensions ask').getAttribute('aria-invalid')).toBe('true');
  expect(toldOf('Let other extensions ask')[0]).toBe('Choose one of the values that are offered.');
});

it('sends only the changes, and reports that they are in effect', async () => {
  const store = await show();
  type('Clock difference', ' 90 ');
  type('Daily clean-up', '4:30');
  type('Time to finish a sign-in', '45');
  expect(store.hasUnsaved()).toBe(true);
  press('Save');
  expect(
    (await screen.findByText('The settings are saved and in effect.')).closest('[role=status]'),
  ).toBeTruthy();
  expect(worker.bodies('settings.update')).toEqual([
    { changes: { clockSkewSeconds: 90, pruneAt: '04:30' } },
  ]);
  expect(field('Daily clean-up').value).toBe('04:30');
  expect(store.hasUnsaved()).toBe(false);
  type('Clock difference', '91');
  await waitFor(() => expect(screen.queryByText(/saved and in effect/u)).toBeNull());
});

it.each([
  ['Clock difference', '601', 'This number is outside the allowed range.'],
  ['Clock difference', '1.5', 'This is not a whole number.'],
  ['Clock difference', '', 'This is required.'],
  ['Daily clean-up', '25:00', 'This is not a time of day. Enter one such as 23:00.'],
])('shows the problem of %s %j at once, and Save focuses the field', async (label, text, told) => {
  await show();
  type(label, text);
  await waitFor(() => expect(field(label).getAttribute('aria-invalid')).toBe('true'));
  expect(toldOf(label)[0]).toBe(told);
  press('Save');
  await waitFor(() => expect(document.activeElement).toBe(field(label)));
  expect(worker.bodies('settings.update')).toEqual([]);
  type(label, label === 'Daily clean-up' ? '03:00' : '3');
  await waitFor(() => expect(field(label).getAttribute('aria-invalid')).toBeNull());
});

it('keeps the form when the worker refuses, and shows the problem at its field', async () => {
  worker.refuse('settings.update', 'invalid_settings', {
    fields: [{ field: 'clockSkewSeconds', problem: 'number_out_of_range' }],
  });
  const store = await show();
  type('Clock difference', '90');
  type('Daily clean-up', '04:30');
  press('Save');
  expect((await screen.findByText(/Nothing was changed/u)).closest('[role=alert]')).toBeTruthy();
  expect(document.activeElement).toBe(field('Clock difference'));
  expect(toldOf('Clock difference')[0]).toBe('This number is outside the allowed range.');
  await store.reload();
  expect([field('Clock difference').value, field('Daily clean-up').value]).toEqual(['90', '04:30']);
  expect(screen.getByText(/Nothing was changed/u)).toBeDefined();
});

it('keeps what is typed while a save is running', async () => {
  let answer: () => void = () => undefined;
  worker.answer('settings.update', async ({ changes }: { changes: Partial<Settings> }) => {
    await new Promise<void>((resolve) => (answer = resolve));
    inForce = { ...inForce, ...changes };
    return { values: inForce, defaults: defaultSettings, managed };
  });
  const store = await show();
  type('Clock difference', '90');
  press('Save');
  await waitFor(() => expect(worker.bodies('settings.update')).toHaveLength(1));
  press('Save');
  type('Clock difference', '95');
  answer();
  await waitFor(() => expect(store.settings.isBusy.value).toBe(false));
  expect(field('Clock difference').value).toBe('95');
  expect(store.hasUnsaved()).toBe(true);
  expect(worker.bodies('settings.update')).toHaveLength(1);
});

it('keeps what was typed while another view is shown', async () => {
  const store = await show();
  type('Clock difference', '90');
  store.arrive('#/clients');
  await screen.findByRole('heading', { name: 'Clients' });
  store.arrive('#/settings');
  await screen.findByLabelText('Clock difference');
  expect(field('Clock difference').value).toBe('90');
});

it('follows a change that was made in another window', async () => {
  const store = await show();
  type('Clock difference', '90');
  inForce = { ...inForce, clockSkewSeconds: 10, pruneAt: '01:00' };
  await store.reload();
  await waitFor(() => expect(field('Daily clean-up').value).toBe('01:00'));
  expect(field('Clock difference').value).toBe('90');
});

it('restores the defaults and discards what was typed', async () => {
  const store = await show();
  type('Clock difference', 'x');
  press('Restore defaults');
  expect(await screen.findByText('The defaults are restored and in effect.')).toBeDefined();
  expect(field('Clock difference').value).toBe('60');
  expect(field('Time to finish a sign-in').value).toBe('60');
  expect(store.hasUnsaved()).toBe(false);
});

it('marks what the organization sets and disables it; what was typed there before is not sent', async () => {
  const store = await show();
  type('Clock difference', '30');
  managed = ['clockSkewSeconds', 'otherExtensions'];
  inForce = { ...inForce, clockSkewSeconds: 90 };
  await store.reload();
  await waitFor(() => expect(field('Clock difference').disabled).toBe(true));
  expect(field('Clock difference').value).toBe('90');
  expect(field('Let other extensions ask').disabled).toBe(true);
  expect(field('Record what pages do').disabled).toBe(false);
  expect(screen.getAllByText('Managed by your organization')).toHaveLength(2);
  press('Save');
  await screen.findByText(/saved/iu);
  expect(inForce.clockSkewSeconds).toBe(90);
});

it('reports why the settings cannot be loaded, and recovers', async () => {
  worker.answer('settings.get', () => {
    throw new BrokerError('unavailable');
  });
  const { store } = optionsStore(worker);
  store.arrive('#/settings');
  render(<Options store={store} />);
  await store.reload();
  expect((await screen.findByRole('alert')).textContent).toContain('does not respond');
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  worker.answer('settings.get', () => ({ values: inForce, defaults: defaultSettings, managed }));
  await store.reload();
  await screen.findByLabelText('Clock difference');
  expect(screen.queryByText(/does not respond/u)).toBeNull();
});
