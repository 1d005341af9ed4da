// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SiteRow } from '#wire/list-views.ts';
import type { AskView } from '#wire/views.ts';
import { aSiteRow, listSites } from '../../test/support/samples/site-rows.ts';
import {
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

const rows: readonly SiteRow[] = [aSiteRow('Acme', { isGranted: true }), aSiteRow('Beta')];

async function show(ask: AskView | undefined, offered = rows) {
  worker.answer('ask.list', () => (ask === undefined ? [] : [ask]));
  listSites(worker, offered);
  const isClickAccepted = signal(true);
  const isCovered = signal(false);
  const restart = vi.fn();
  const store = createQuestionStore({
    send: worker.send,
    id: anAsk().id,
    clickGuard: { isClickAccepted, isCovered, restart },
    closeWindow,
  });
  render(<Question store={store} />);
  await store.load();
  await screen.findAllByRole('button');
  return { isClickAccepted, isCovered, restart, store };
}
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const selected = (text: string) => (_: string, element: Element | null) =>
  element?.localName === 'p' && element.textContent === text;
const allowButton = () => screen.getByRole<HTMLButtonElement>('button', { name: /^Allow/u });
const isAllowDisabled = (): boolean => allowButton().getAttribute('aria-disabled') === 'true';
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
    fireEvent.click(allowButton());
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

  it('does not allow while clicks are refused, which the button still receives, and says why', async () => {
    const { isClickAccepted, isCovered, store } = await show(anAsk());
    [isClickAccepted.value, isCovered.value] = [false, true];
    expect(await screen.findByText(/is over this one/u)).toBeDefined();
    expect(isAllowDisabled()).toBe(true);
    expect(allowButton().disabled).toBe(false);
    fireEvent.click(allowButton());
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
    fireEvent.click(allowButton());
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
  expect(screen.getByText(selected('1 site selected: Beta Jira as Ada Lovelace'))).toBeDefined();
  expect(screen.getByText('Access of this page: Read')).toBeDefined();
  fireEvent.click(allowButton());
  await waitFor(() =>
    expect(worker.bodies('ask.decide')).toMatchObject([{ decision: { sites: [site('beta')] } }]),
  );
});

describe('with several accounts', () => {
  const acme = aSiteRow('Acme', { isGranted: true });
  const ofGrace = aSiteRow('Acme', { sessionId: otherSessionId, account: grace });
  it('both can be chosen for one site, and each row says whose it is', async () => {
    const { store } = await show(anAsk(), [acme, ofGrace]);
    const asGrace = screen.getByRole('checkbox', { name: /as Grace Hopper/u });
    fireEvent.click(asGrace);
    await screen.findByText(
      selected('2 sites selected: Acme Jira as Ada Lovelace and Acme Jira as Grace Hopper'),
    );
    expect(allowButton().textContent).toBe('Allow 2');
    expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(2);
    fireEvent.click(asGrace);
    expect(store.list.value?.chosen.value).toMatchObject([site('acme')]);
  });
  it('a question about one site asks for the account', async () => {
    const ask = anAsk({ kind: 'site', access: 'read', site: aSite('Acme') });
    await show(ask, [acme, { ...ofGrace, isGranted: true }]);
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
  fireEvent.click(allowButton());
  expect(await screen.findByText('This question is no longer open')).toBeDefined();
  expect(closeWindow).not.toHaveBeenCalled();
});

it('keeps the choices when the answer cannot be sent', async () => {
  const { store } = await show(anAsk());
  worker.refuse('ask.decide', 'unavailable');
  fireEvent.click(allowButton());
  expect(await screen.findByRole('alert')).toBeDefined();
  expect(store.list.value?.chosen.value).toHaveLength(1);
  expect(closeWindow).not.toHaveBeenCalled();
});

describe('the click guard', () => {
  const beta = aSiteRow('Beta', { isGranted: true });
  const [granted] = anAsk().granted as [AskView['granted'][number]];
  it.each<[string, Partial<AskView>, SiteRow[]]>([
    ['other sites', {}, [aSiteRow('Acme', { isGranted: true })]],
    ['that a chosen site is gone', {}, [beta]],
    [
      'another account',
      {},
      [aSiteRow('Acme', { isGranted: true, account: grace }), aSiteRow('Beta')],
    ],
    ['another grant', { granted: [granted, beta] }, [...rows]],
    ['another access', { access: 'read' }, [...rows]],
    ['another origin', { origin: 'https://other.example' as AskView['origin'] }, [...rows]],
  ])('starts again when the worker reports %s', async (_, part, offered) => {
    const { restart, store } = await show(anAsk());
    expect(restart).toHaveBeenCalledOnce();
    worker.answer('ask.list', () => [anAsk(part)]);
    listSites(worker, offered);
    await store.load();
    expect(restart).toHaveBeenCalledTimes(2);
  });
  it('starts again when an error appears and when it goes', async () => {
    const { restart, store } = await show(anAsk());
    worker.refuse('ask.list', 'unavailable');
    await store.load();
    expect(restart).toHaveBeenCalledTimes(2);
    worker.answer('ask.list', () => [anAsk()]);
    await store.load();
    expect(restart).toHaveBeenCalledTimes(3);
  });
  it('does not when the worker reports the same, so that no page holds it off with news', async () => {
    const { restart, store } = await show(anAsk());
    await store.load();
    expect(restart).toHaveBeenCalledOnce();
  });
  it('does not when the list follows what the person types, and the chosen sites stay named', async () => {
    const { restart, store } = await show(anAsk());
    store.list.value?.setFilter('beta');
    await waitFor(() => expect(screen.getAllByRole('checkbox')).toHaveLength(1));
    expect(screen.getByText(selected('1 site selected: Acme Jira as Ada Lovelace'))).toBeDefined();
    expect(restart).toHaveBeenCalledOnce();
  });
});

it('a site that the session has lost is not selected any more, and that is said', async () => {
  const { store } = await show(anAsk());
  listSites(worker, rows.slice(1));
  await store.load();
  expect(await screen.findByText('Choose at least one site.')).toBeDefined();
  expect(
    screen.getByText(selected('No longer available, so no longer chosen: Acme Jira')),
  ).toBeDefined();
  expect(store.canAllow.value).toBe(false);
});

it('says what the page has now, and names the selected sites first', async () => {
  const many = Array.from({ length: 10 }, (_, at) =>
    aSiteRow(`S${String(at)}`, { isGranted: true }),
  );
  await show(anAsk({ granted: many }), [...many, ...rows]);
  const names =
    'S0 Jira as Ada Lovelace, S1 Jira as Ada Lovelace, S2 Jira as Ada Lovelace, and 7 more sites';
  expect(screen.getByText(selected(`10 sites selected: ${names}`))).toBeDefined();
  expect(screen.getByText(selected(`Has now: ${names} (Read)`))).toBeDefined();
});

describe('for an API of another provider than Atlassian', () => {
  const ask = anAsk({ access: 'read' });
  const offered = [...rows.slice(0, 1), aSiteRow('Beta', { product: 'generic' })];
  const everyPath = /every path except the provider’s own endpoints/u;
  const credentials = /able to create credentials there/u;
  it('says that calls reach every path, and that writes may make credentials', async () => {
    await show(ask, offered);
    expect(screen.queryByText(everyPath)).toBeNull();
    fireEvent.click(screen.getByRole('checkbox', { name: /Beta/u }));
    expect(await screen.findByText(everyPath)).toBeDefined();
    expect(screen.queryByText(credentials)).toBeNull();
    fireEvent.click(screen.getByRole('radio', { name: 'Read and write' }));
    expect(await screen.findByText(credentials)).toBeDefined();
  });
  it('says so too when the page asks which one to use', async () => {
    await show({ ...ask, kind: 'site', access: 'write' }, offered);
    fireEvent.click(screen.getByRole('radio', { name: /Beta/u }));
    expect(await screen.findByText(credentials)).toBeDefined();
  });
});
