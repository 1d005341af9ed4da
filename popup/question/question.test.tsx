// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AskView } from '#wire/views.ts';
import {
  ada,
  anAsk,
  aSite,
  FakeWorker,
  grace,
  otherSessionId,
  sessionId,
} from '../../test/support/samples/ui-views.ts';
import { createQuestionStore } from './question-store.ts';
import { Question } from './question.tsx';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
const closeWindow = vi.fn();
beforeEach(() => {
  worker = new FakeWorker();
  closeWindow.mockReset();
});

async function show(ask: AskView | undefined) {
  worker.answer('ask.list', () => (ask === undefined ? [] : [ask]));
  const isClickAccepted = signal(true);
  const restart = vi.fn();
  const store = createQuestionStore({
    send: worker.send,
    id: anAsk().id,
    clickGuard: { isClickAccepted, restart },
    closeWindow,
  });
  render(<Question store={store} />);
  await store.load();
  await screen.findAllByRole('button');
  return { isClickAccepted, restart, store };
}
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const selected = (text: string) => (_: string, element: Element | null) =>
  element?.localName === 'p' && element.textContent === text;
const isAllowDisabled = (): boolean => button('Allow').getAttribute('aria-disabled') === 'true';
const site = (name: string) => ({ cloudId: `cloud-${name}`, product: 'jira', sessionId });

describe('a question about access', () => {
  it('shows the origin and the requested access, and focuses the heading, where no key answers', async () => {
    await show(anAsk());
    expect(screen.getByText('https://dashboard.example')).toBeDefined();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Read and write' }).checked).toBe(
      true,
    );
    const heading = screen.getByRole('heading', { name: 'This page asks for access' });
    await waitFor(() => expect(document.activeElement).toBe(heading));
    fireEvent.keyDown(heading, { key: 'Enter' });
    fireEvent.keyUp(heading, { key: ' ' });
    expect(worker.bodies('ask.decide')).toEqual([]);
  });

  it('of another extension shows its id, and says that its name proves nothing', async () => {
    const id = 'aabbccddeeffgghhiijjkkllmmnnoopp';
    await show({ ...anAsk(), origin: `extension:${id}` as AskView['origin'] });
    expect(
      screen.getByRole('heading', { name: 'Another extension asks for access' }),
    ).toBeDefined();
    expect(screen.getByText(id)).toBeDefined();
    expect(screen.getByText(/^Extensions choose their own names/u)).toBeDefined();
    expect(screen.queryByText(/\bThe page\b/u)).toBeNull();
  });

  it('allows the chosen sites', async () => {
    await show(anAsk());
    fireEvent.click(screen.getByRole('checkbox', { name: /Beta/u }));
    fireEvent.click(screen.getByRole('radio', { name: 'Read' }));
    await waitFor(() => expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(2));
    fireEvent.click(button('Allow'));
    await waitFor(() => expect(closeWindow).toHaveBeenCalledOnce());
    expect(worker.bodies('ask.decide')).toEqual([
      {
        id: anAsk().id,
        decision: {
          allow: true,
          access: 'read',
          duration: 'always',
          sites: [site('acme'), site('beta')],
        },
      },
    ]);
  });

  it('does not allow while clicks are refused, which the button still receives', async () => {
    const { isClickAccepted, store } = await show(anAsk());
    isClickAccepted.value = false;
    await waitFor(() => expect(isAllowDisabled()).toBe(true));
    expect(button('Allow').disabled).toBe(false);
    fireEvent.click(button('Allow'));
    await store.allow();
    expect(worker.bodies('ask.decide')).toEqual([]);
  });

  it('denies', async () => {
    await show(anAsk());
    fireEvent.click(button('Deny'));
    await waitFor(() => expect(closeWindow).toHaveBeenCalledOnce());
    expect(worker.bodies('ask.decide')).toMatchObject([{ decision: { allow: false } }]);
  });
});

describe('paths and duration', () => {
  const issue = '/rest/api/3/issue/';
  const allow = async (): Promise<unknown> => {
    fireEvent.click(button('Allow'));
    await waitFor(() => expect(closeWindow).toHaveBeenCalledOnce());
    return worker.bodies('ask.decide')[0];
  };
  const choose = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  const choicesOf = (label: string) =>
    [...screen.getByLabelText<HTMLSelectElement>(label).options].map(({ text }) => text);

  it('are shown in words, and only the paths that are shown are allowed', async () => {
    await show(anAsk({ paths: [issue, '/wiki/api/v2/'], grantedPaths: ['/wiki/api/v2/'] }));
    const list = screen.getByText('Only addresses that begin with one of these 2 paths:');
    expect(list.parentElement?.textContent).toMatch(new RegExp(`:${issue}new/wiki/api/v2/$`, 'u'));
    expect(choicesOf('Paths')).toEqual(['All paths', 'Only these 2 paths']);
    choose('Duration', 'session');
    expect(await allow()).toMatchObject({
      decision: { duration: 'session', paths: [issue, '/wiki/api/v2/'] },
    });
  });
  it('every path instead, when the person chooses so', async () => {
    await show(anAsk({ paths: [issue], duration: 'session' }));
    expect(choicesOf('Paths')).toEqual(['All paths', 'Only this path']);
    choose('Paths', 'every');
    const answer = await allow();
    expect(answer).toMatchObject({ decision: { duration: 'session' } });
    expect(answer).not.toHaveProperty('decision.paths');
  });
  it('of a page that asks for every path can stay as they are', async () => {
    await show(anAsk({ grantedPaths: [issue] }));
    expect(screen.getByText(/asks for all paths\. Until now it may call only some/u)).toBeDefined();
    expect(screen.getByLabelText<HTMLSelectElement>('Paths').value).toBe('every');
    choose('Paths', 'some');
    expect(await allow()).toMatchObject({ decision: { paths: [issue] } });
  });
  it('many are folded, and without a limit there is no choice of paths', async () => {
    const many = Array.from({ length: 20 }, (_, at) => `/rest/api/3/${String(at)}`);
    await show(anAsk({ paths: many }));
    const summary = screen.getByText('Only addresses that begin with one of these 20 paths:');
    expect(summary.closest('details')?.open).toBe(false);
    cleanup();
    await show(anAsk());
    expect(screen.queryByLabelText('Paths')).toBeNull();
  });
});

it('another extension is shown with its id', async () => {
  const id = 'abcdefghijklmnopabcdefghijklmnop';
  await show(anAsk({ origin: `extension:${id}` as AskView['origin'] }));
  expect(screen.getByText(id).parentElement?.textContent).toBe(`Extension ${id}`);
});

it('a question for one site starts without a choice, and accepts one site', async () => {
  await show(anAsk({ kind: 'site', access: 'read' }));
  expect(isAllowDisabled()).toBe(true);
  fireEvent.click(screen.getByRole('radio', { name: /Acme/u }));
  fireEvent.click(screen.getByRole('radio', { name: /Beta/u }));
  await waitFor(() => expect(isAllowDisabled()).toBe(false));
  expect(screen.getByText(selected('1 site selected: Beta Jira'))).toBeDefined();
  expect(screen.getByText('Access of this page: Read')).toBeDefined();
  fireEvent.click(button('Allow'));
  await waitFor(() =>
    expect(worker.bodies('ask.decide')).toMatchObject([{ decision: { sites: [site('beta')] } }]),
  );
});

describe('with several accounts', () => {
  const [acme] = anAsk().sites as [AskView['sites'][number]];
  const ofGrace = { ...acme, sessionId: otherSessionId, account: grace, isGranted: false };
  const sites = [acme, ofGrace];
  it('both can be chosen for one site, and each row says whose it is', async () => {
    const { store } = await show(anAsk({ sites }));
    const asGrace = screen.getByRole('checkbox', { name: /as Grace Hopper/u });
    fireEvent.click(asGrace);
    await screen.findByText(
      selected('2 sites selected: Acme Jira as Ada Lovelace and Acme Jira as Grace Hopper'),
    );
    expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(2);
    fireEvent.click(asGrace);
    expect(store.selection.value).toEqual([site('acme')]);
  });
  it('of the same name, rows say the email address', async () => {
    const namesake = { ...grace, name: 'Ada Lovelace' };
    await show(anAsk({ sites: [acme, { ...ofGrace, account: namesake }] }));
    const name = /as Ada Lovelace \(grace@acme\.example\)/u;
    expect(screen.getByRole('checkbox', { name })).toBeDefined();
  });
  it('another session of the same account replaces the first', async () => {
    const { store } = await show(anAsk({ sites: [acme, { ...ofGrace, account: ada }] }));
    fireEvent.click(screen.getByRole('checkbox', { checked: false }));
    expect(store.selection.value).toEqual([{ ...site('acme'), sessionId: otherSessionId }]);
  });
  it('a question about one site asks for the account', async () => {
    const both = sites.map((one) => ({ ...one, isGranted: true }));
    await show(anAsk({ kind: 'site', access: 'read', sites: both }));
    expect(
      screen.getByRole('heading', { name: 'Which account does this page use?' }),
    ).toBeDefined();
    expect(screen.getByText(/called Acme Jira, which it may call with several acc/u)).toBeDefined();
  });
});

it('reports a closed question when it is loaded and when it is answered', async () => {
  await show(undefined);
  expect(screen.getByText('This question is no longer open')).toBeDefined();
  cleanup();
  worker.refuse('ask.decide', 'not_found');
  await show(anAsk());
  fireEvent.click(button('Allow'));
  expect(await screen.findByText('This question is no longer open')).toBeDefined();
  expect(closeWindow).not.toHaveBeenCalled();
});

it('keeps the choices when the answer cannot be sent', async () => {
  const { store } = await show(anAsk());
  worker.refuse('ask.decide', 'unavailable');
  fireEvent.click(button('Allow'));
  expect(await screen.findByRole('alert')).toBeDefined();
  expect(store.selection.value).toHaveLength(1);
  expect(closeWindow).not.toHaveBeenCalled();
});

describe('the click guard starts again', () => {
  const beta = { ...anAsk().sites[1]!, isGranted: true };
  it.each<[string, Partial<AskView>]>([
    ['other sites', { sites: [beta] }],
    ['another account', { sites: [{ ...beta, account: grace }] }],
    ['another access', { access: 'read' }],
    ['another origin', { origin: 'https://other.example' as AskView['origin'] }],
  ])('when the worker reports %s', async (_, part) => {
    const { restart, store } = await show(anAsk());
    expect(restart).toHaveBeenCalledOnce();
    worker.answer('ask.list', () => [anAsk(part)]);
    await store.load();
    expect(restart).toHaveBeenCalledTimes(2);
  });
  it('when an error appears and when it goes', async () => {
    const { restart, store } = await show(anAsk());
    worker.refuse('ask.list', 'unavailable');
    await store.load();
    expect(restart).toHaveBeenCalledTimes(2);
    worker.answer('ask.list', () => [anAsk()]);
    await store.load();
    expect(restart).toHaveBeenCalledTimes(3);
  });
  it('but not when the worker reports the same, so that no page holds it off with news', async () => {
    const { restart, store } = await show(anAsk());
    await store.load();
    expect(restart).toHaveBeenCalledOnce();
  });
});

it('a site that the session has lost is not selected any more', async () => {
  const { store } = await show(anAsk());
  expect(screen.getByText(selected('1 site selected: Acme Jira'))).toBeDefined();
  worker.answer('ask.list', () => [anAsk({ sites: anAsk().sites.slice(1) })]);
  await store.load();
  expect(await screen.findByText('Choose at least one site.')).toBeDefined();
  expect(store.canAllow.value).toBe(false);
});

it('names the selected sites first, and how many more there are', async () => {
  const many = Array.from({ length: 50 }, (_, at) => ({
    ...aSite(`Site ${String(at)}`),
    sessionId,
    account: ada,
    isGranted: at >= 40,
  }));
  await show(anAsk({ sites: many }));
  const text = '10 sites selected: Site 40 Jira, Site 41 Jira, Site 42 Jira, and 7 more sites';
  expect(screen.getByText(selected(text))).toBeDefined();
  expect(screen.getAllByRole('checkbox')[0]).toHaveProperty('checked', true);
});

describe('for an API of another provider than Atlassian', () => {
  const ask = anAsk({
    access: 'read',
    sites: anAsk().sites.map((one) => (one.isGranted ? one : { ...one, product: 'generic' })),
  });
  const everyPath = /every path except the provider’s own endpoints/u;
  const credentials = /able to create credentials there/u;
  it('says that calls reach every path, and that writes may make credentials', async () => {
    await show(ask);
    expect(screen.queryByText(everyPath)).toBeNull();
    fireEvent.click(screen.getByRole('checkbox', { name: /Beta/u }));
    expect(await screen.findByText(everyPath)).toBeDefined();
    expect(screen.queryByText(credentials)).toBeNull();
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    expect(await screen.findByText(credentials)).toBeDefined();
  });
  it('says so too when the page asks which one to use', async () => {
    await show({ ...ask, kind: 'site', access: 'write' });
    fireEvent.click(screen.getByRole('radio', { name: /Beta/u }));
    expect(await screen.findByText(credentials)).toBeDefined();
  });
});
