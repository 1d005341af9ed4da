// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wholeText } from '../../../test/support/pages/whole-text.ts';
import {
  press,
  pressEnabled,
  showOptions,
  type,
} from '../../../test/support/pages/options-page.tsx';
import {
  collection,
  environment,
  savesImports,
} from '../../../test/support/pages/postman-worker.ts';
import { info, oauth2, cloud } from '../../../test/support/samples/postman-samples.ts';
import { anOverview, FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const textLabel = 'Or paste the JSON';
const environmentLabel = 'Or paste the environment';
let worker: FakeWorker;
beforeEach(() => {
  worker = savesImports(new FakeWorker());
});

async function open(text?: string, values?: string): Promise<void> {
  await showOptions(worker, anOverview());
  await press('Import');
  await screen.findByRole('heading', { name: 'Import clients' });
  if (text === undefined) return;
  type(textLabel, text);
  if (values === undefined) return;
  await screen.findByLabelText(environmentLabel);
  type(environmentLabel, values);
}
async function preview(text = collection, values?: string): Promise<void> {
  await open(text, values);
  await pressEnabled('Preview');
  await screen.findByRole('heading', { name: 'Found in “Atlassian”' });
}
function chooseFile(label: string, name: string, text: string): void {
  const files = [{ name, size: text.length, text: () => Promise.resolve(text) }];
  const input = screen.getByLabelText(label);
  Object.defineProperty(input, 'files', { value: files });
  fireEvent.change(input);
}
const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const entry = (name: string) => box(name).closest('li')!;
/** Label and values of each property of an entry. */
const factsOf = (name: string) =>
  Object.fromEntries(
    [...entry(name).querySelectorAll('dt')].map((term) => {
      const values: string[] = [];
      for (let next = term.nextElementSibling; next?.tagName === 'DD';) {
        values.push(next.textContent);
        next = next.nextElementSibling;
      }
      return [term.textContent, values];
    }),
  );
/** The accessible description of an entry's checkbox: its problems and remarks. */
const toldOf = (name: string) =>
  (box(name).getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)!)
    .filter(({ hidden }) => !hidden)
    .flatMap((told) => [...told.querySelectorAll('li')].map(({ textContent }) => textContent));

describe('a Postman collection', () => {
  it('is detected: the panel offers an environment and a preview', async () => {
    await open('[]');
    expect(screen.queryByLabelText(environmentLabel)).toBeNull();
    type(textLabel, collection);
    const group = await screen.findByRole('group', { name: 'Postman environment (optional)' });
    expect(within(group).getByLabelText('Choose an environment file')).toBeDefined();
    type(textLabel, '[]');
    await waitFor(() => expect(screen.queryByLabelText(environmentLabel)).toBeNull());
  });

  it('can be a file, as can its environment; their texts are not shown', async () => {
    await open();
    chooseFile('Choose a file', 'c.json', collection);
    await screen.findByLabelText(environmentLabel);
    chooseFile('Choose an environment file', 'e.json', environment);
    for (const name of ['c.json', 'e.json'])
      expect(
        await screen.findByText(new RegExp(`^Read from ${name}. The text is not shown`, 'u')),
      ).toBeDefined();
    const texts = screen.getAllByRole<HTMLTextAreaElement>('textbox');
    expect(texts.map(({ value }) => value)).toEqual(['', '']);
    await press('Preview');
    await screen.findByText('2 of 3 chosen');
    await press('Cancel');
    await press('Import');
    expect(await screen.findByText(/^Read from c\.json/u)).toBeDefined();
    type(textLabel, '[]');
    await waitFor(() => expect(screen.queryByText(/^Read from c\.json/u)).toBeNull());
  });

  it('shows the properties of each client and where it is used', async () => {
    await preview(collection, environment);
    expect(factsOf('Cloud')).toEqual({
      Type: ['Atlassian Cloud'],
      'Client ID': ['cloud-id'],
      'Client authentication': ['Secret in the request (client_secret_post)'],
      'Authorization endpoint': ['https://auth.atlassian.com/authorize'],
      'Token endpoint': ['https://auth.atlassian.com/oauth/token'],
      Scopes: ['read:jira-work offline_access'],
      'Client secret': ['In the file; not shown'],
      'Used in': ['The whole collection'],
    });
    expect(factsOf('Other')).toMatchObject({
      'Client ID': ['generic-id'],
      'Extra parameters of the sign-in request': ['resource=wiki', 'login_hint=ada'],
      'Extra parameters of token requests': ['tenant=acme'],
      'Used in': ['Wiki › Search'],
    });
    expect(toldOf('Cloud')).toEqual([]);
    expect(toldOf('Other')).toEqual([
      'The token in the file (accessToken) is not imported. Sign in with the client to get a new one.',
      'Not imported, because Threelo sets it itself or does not support it: nonce and refreshTokenUrl.',
      'Fields that Threelo does not know: novelty.',
    ]);
  });

  it('shows no secret and no token', async () => {
    await preview(collection, environment);
    expect(collection).toContain('canary');
    const shown = screen.getByRole('group', { name: 'Found in “Atlassian”' });
    const attributes = [...shown.querySelectorAll('*')].flatMap((one) => [...one.attributes]);
    const all = [shown.textContent, ...attributes.map(({ value }) => value)];
    expect(all.join('\n')).not.toContain('canary');
  });

  it('shows why an entry cannot be chosen, and what the file lacks', async () => {
    await preview();
    expect([box('Cloud'), box('Other'), box('Link')].map(({ disabled }) => disabled)).toEqual([
      false,
      true,
      true,
    ]);
    expect(toldOf('Other')).toEqual([
      'Client ID: This contains a variable that has no value. Choose the environment that defines the variable, and preview again.',
      'Authorization endpoint: This contains a variable that has no value. Choose the environment that defines the variable, and preview again.',
      expect.stringContaining('(accessToken)'),
      'The variable “base” has no value. Choose the environment that defines it.',
      'The variable “client_id” has no value. Choose the environment that defines it.',
      expect.stringContaining('refreshTokenUrl'),
      expect.stringContaining('novelty'),
    ]);
    expect(factsOf('Link')).toEqual({
      Type: ['OAuth 1.0a'],
      'Consumer key': ['link'],
      'Signature method': ['HMAC-SHA1'],
      'Shared secret': ['In the file; not shown'],
      'Used in': ['Link'],
    });
    expect(toldOf('Link')).toEqual([]);
  });

  it('warns of an entry whose token endpoint is on another host, and names both', async () => {
    await preview(collection, environment.replace('https://as.example', 'https://login.example'));
    expect(toldOf('Other')[0]).toMatch(
      /authorization endpoint is on login\.example, .* on as\.example\./u,
    );
    expect(toldOf('Cloud')).toEqual([]);
  });

  it('lists five places and counts the others', async () => {
    const item = Array.from({ length: 7 }, (_, at) => ({
      name: `R${at}`,
      request: { auth: oauth2(cloud) },
    }));
    await preview(JSON.stringify({ info, auth: oauth2(cloud), item }));
    expect(factsOf('Cloud')['Used in']).toEqual([
      'The whole collection',
      'R0',
      'R1',
      'R2',
      'R3',
      'and in 3 more places',
    ]);
  });

  it('imports the chosen entries only', async () => {
    await preview(collection, environment);
    await screen.findByText('2 of 3 chosen');
    fireEvent.click(box('Cloud'));
    await screen.findByText('1 of 3 chosen');
    await press('Import');
    expect(
      (await screen.findByText(wholeText('Imported: Other.'))).closest('[role=status]'),
    ).not.toBeNull();
    expect(worker.bodies('client.import')).toMatchObject([
      { clients: [{ name: 'Other', clientId: 'generic-id', clientSecret: 'generic-canary' }] },
    ]);
    expect(screen.queryByRole('heading', { name: 'Import clients' })).toBeNull();
  });

  it('cannot be imported while nothing is chosen', async () => {
    await preview();
    fireEvent.click(box('Cloud'));
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true),
    );
  });
});

describe('the focus', () => {
  it('moves to the panel, to the preview, and back to the button that opened the panel', async () => {
    await open(collection);
    expect(document.activeElement?.textContent).toBe('Import clients');
    await pressEnabled('Preview');
    await screen.findByText('1 of 3 chosen');
    expect(document.activeElement?.textContent).toBe('Found in “Atlassian”');
    await press('Import');
    await screen.findByText(wholeText('Imported: Cloud.'));
    const button = screen.getByRole('button', { name: 'Import' });
    expect(document.activeElement).toBe(button);
  });

  it('does not move to Import when Preview is pressed', async () => {
    await open(collection);
    const pressed = await screen.findByRole('button', { name: 'Preview' });
    pressed.focus();
    fireEvent.click(pressed);
    await screen.findByText('1 of 3 chosen');
    expect(pressed.isConnected).toBe(false);
  });

  it('returns when the panel is cancelled, and the text is kept', async () => {
    await open(collection, environment);
    await press('Cancel');
    const button = await screen.findByRole('button', { name: 'Import' });
    expect(document.activeElement).toBe(button);
    fireEvent.click(button);
    const text = await screen.findByLabelText<HTMLTextAreaElement>(textLabel);
    expect(text.value).toBe(collection);
    expect(screen.getByLabelText<HTMLTextAreaElement>(environmentLabel).value).toBe(environment);
  });
});

it('does not name a file after other text was typed', async () => {
  await open();
  const input = screen.getByLabelText('Choose a file');
  const names: string[] = ['c.json'];
  Object.defineProperty(input, 'value', { set: (value: string) => names.push(value) });
  chooseFile('Choose a file', 'c.json', collection);
  await screen.findByText(/^Read from c\.json/u);
  expect(names).toEqual(['c.json']);
  type(textLabel, '[]');
  await waitFor(() => expect(names).toEqual(['c.json', '']));
});

it('shows the text of a file of clients', async () => {
  await open();
  chooseFile('Choose a file', 'clients.json', '[{}]');
  await waitFor(() =>
    expect(screen.getByLabelText<HTMLTextAreaElement>(textLabel).value).toBe('[{}]'),
  );
  expect(screen.queryByText(/^Read from/u)).toBeNull();
});

describe('a text that cannot be read', () => {
  const alert = async () => (await screen.findByRole('alert')).textContent;
  it.each([
    ['an environment', '{"values":[]}', /a Postman environment, not a collection/u],
    ['version 1', '{"requests":[]}', /version 2\.0 and 2\.1/u],
    ['no OAuth', JSON.stringify({ info, item: [] }), /contains no authorization with OAuth/u],
  ])('is reported, and stays in the field: %s', async (_, text, words) => {
    await open(text);
    await pressEnabled('Preview');
    expect(await alert()).toMatch(words);
    expect(screen.getByLabelText<HTMLTextAreaElement>(textLabel).value).toBe(text);
  });

  it('as environment is reported at its field, and nothing is lost', async () => {
    await open(collection, '{"item":[]}');
    await pressEnabled('Preview');
    expect(await alert()).toMatch(/This is not a Postman environment/u);
    const field = screen.getByLabelText<HTMLTextAreaElement>(environmentLabel);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(
      document.getElementById(field.getAttribute('aria-describedby')!.split(' ').at(-1)!)
        ?.textContent,
    ).toMatch(/This is not a Postman environment/u);
    expect(field.value).toBe('{"item":[]}');
  });

  it('from a file that is too large is reported at its field', async () => {
    await open('[]');
    const input = screen.getByLabelText('Choose a file');
    Object.defineProperty(input, 'files', { value: [{ size: 30_000_000 }] });
    fireEvent.change(input);
    expect(await alert()).toMatch(/This is too large/u);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByLabelText<HTMLTextAreaElement>(textLabel).value).toBe('[]');
  });

  it('by the worker is reported with the subject of the fault', async () => {
    worker.refuse('client.import', 'invalid_import', {
      fields: [{ field: '1.name', problem: 'name_taken' }],
    });
    await preview();
    await press('Import');
    expect(await alert()).toContain('Name of “Cloud”: Another client has this name already.');
    expect(screen.getByText('1 of 3 chosen')).toBeDefined();
  });
});
