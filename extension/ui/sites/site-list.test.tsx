// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Access } from '#core/grant/page-grant.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { RequestOf } from '#wire/commands.ts';
import type { SiteRow } from '#wire/list-views.ts';
import {
  aSiteRow,
  foundSites,
  listSites,
  manySiteRows,
} from '../../../test/support/samples/site-rows.ts';
import { FakeWorker, grace, otherSessionId } from '../../../test/support/samples/ui-views.ts';
import { stillAfterMs } from './list-parts.ts';
import { createSiteListStore, type SiteListStore } from './site-list-store.ts';
import { SiteList } from './site-list.tsx';
import type { SiteListOptions } from './site-selection.ts';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker();
});

async function show(
  rows: readonly SiteRow[],
  { access = 'read', ...part }: Partial<SiteListOptions> & { access?: Access } = {},
) {
  listSites(worker, rows);
  const list = createSiteListStore({
    send: worker.send,
    query: {},
    kind: 'many',
    chosen: [],
    ...part,
  });
  render(<SiteList list={list} access={access} />);
  await list.reload();
  await screen.findAllByRole('listitem');
  return list;
}
const boxes = () => screen.getAllByRole<HTMLInputElement>('checkbox');
const box = (name: RegExp) => screen.getByRole<HTMLInputElement>('checkbox', { name });
const filterField = () => screen.getByRole<HTMLInputElement>('searchbox', { name: 'Filter sites' });
const type = (value: string) => fireEvent.input(filterField(), { target: { value } });
const text = (wanted: RegExp) => (_: string, element: Element | null) =>
  element?.localName === 'p' && wanted.test(element.textContent);
const places = () =>
  screen.getAllByRole('listitem').map((row) => Number(row.getAttribute('aria-posinset')));
const names = () =>
  screen.getAllByRole('listitem').map((row) => row.querySelector('bdi')?.textContent);
const focusedPlace = () =>
  Number(document.activeElement?.closest('li')?.getAttribute('aria-posinset'));
const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });
const scroller = () => document.querySelector<HTMLElement>('.site-scroll')!;

it('shows the number of a character in a name that is not seen', async () => {
  await show([aSiteRow('Acme \u202egnp.exe')]);
  expect(names()).toEqual(['Acme U+202Egnp.exe']);
  expect(box(/Acme/u).closest('label')?.title).toContain('U+202E');
});

describe('of 5,000 sites', () => {
  it('renders those on the screen and some more, and says how many there are', async () => {
    await show(manySiteRows(5000));
    expect(places()).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    expect(screen.getAllByRole('listitem')[0]?.getAttribute('aria-setsize')).toBe('5000');
    expect(screen.getByText('0 of 5,000 chosen')).toBeDefined();
    expect(worker.bodies('site.find')).toMatchObject([{ offset: 0, limit: 30 }]);
  });

  it('requests the parts that are scrolled to, each once, and shows rows without a text until then', async () => {
    await show(manySiteRows(5000));
    let answer = (): void => undefined;
    worker.answer('site.find', async (body: RequestOf<'site.find'>) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return foundSites(manySiteRows(5000), body);
    });
    scroller().scrollTop = 44 * 3000;
    fireEvent.scroll(scroller());
    await waitFor(() => expect(places()).toContain(3001));
    expect(screen.getAllByRole('listitem').length).toBeLessThanOrEqual(60);
    expect(screen.getAllByRole('checkbox', { name: 'Loading…' }).length).toBeGreaterThan(10);
    await waitFor(() => expect(worker.bodies('site.find')).toHaveLength(3));
    expect(worker.bodies('site.find').slice(1)).toMatchObject([{ offset: 2970 }, { offset: 3000 }]);
    answer();
    scroller().scrollTop = 44 * 3001;
    fireEvent.scroll(scroller());
    expect(worker.bodies('site.find')).toHaveLength(3);
  });

  it('moves over all of them with the keys, and only one has the Tab stop', async () => {
    await show(manySiteRows(5000));
    expect(boxes().filter(({ tabIndex }) => tabIndex === 0)).toEqual([box(/^Site 0 Jira/u)]);
    filterField().focus();
    press('ArrowDown');
    await waitFor(() => expect(focusedPlace()).toBe(1));
    for (const [key, place] of [
      ['ArrowDown', 2],
      ['End', 5000],
      ['ArrowDown', 5000],
      ['PageUp', 4990],
      ['ArrowUp', 4989],
      ['PageDown', 4999],
      ['Home', 1],
      ['ArrowUp', 1],
    ] as const) {
      press(key);
      await waitFor(() => expect(focusedPlace(), key).toBe(place));
      expect(boxes().filter(({ tabIndex }) => tabIndex === 0)).toEqual([document.activeElement]);
    }
  });

  it('keeps the row with the focus while it is scrolled away', async () => {
    await show(manySiteRows(5000));
    box(/^Site 1 /u).focus();
    scroller().scrollTop = 44 * 3000;
    fireEvent.scroll(scroller());
    await waitFor(() => expect(places()).toContain(3001));
    expect(focusedPlace()).toBe(2);
    expect(screen.getAllByRole('listitem').length).toBeLessThanOrEqual(60);
  });
});

describe('the filter', () => {
  const rows = [...manySiteRows(10), aSiteRow('Globex'), aSiteRow('Initech')];

  it('keeps the earlier rows until the new ones are there, and drops replies that come too late', async () => {
    const list = await show(rows);
    const answers: (() => void)[] = [];
    worker.answer('site.find', async (body: RequestOf<'site.find'>) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return foundSites(rows, body);
    });
    type('glob');
    type('init');
    await waitFor(() => expect(answers).toHaveLength(2));
    expect(names()).toHaveLength(12);
    answers[1]?.();
    await waitFor(() => expect(names()).toEqual(['Initech']));
    answers[0]?.();
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect([...list.rows.value.values()].map(({ name }) => name)).toEqual(['Initech']);
  });

  it('says when no site matches, and an error with a button that tries again', async () => {
    const list = await show(rows);
    type('zzz');
    expect(await screen.findByText('No site matches.')).toBeDefined();
    worker.refuse('site.find', 'unavailable');
    type('glob');
    const alert = await screen.findByRole('alert');
    listSites(worker, rows);
    fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(names()).toEqual(['Globex']));
    expect(list.fault.value).toBeUndefined();
  });

  it('is left out of a short list', async () => {
    await show(rows.slice(0, 6));
    expect(screen.queryByRole('searchbox')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Only chosen' })).toBeNull();
    expect(screen.getByText('0 of 6 chosen')).toBeDefined();
  });
});

describe('choosing', () => {
  const rows = manySiteRows(20);

  it('does not move a row; only the chosen ones can be shown, and all be removed', async () => {
    const list = await show(rows);
    fireEvent.click(box(/^Site 3 /u));
    fireEvent.click(box(/^Site 7 /u));
    await waitFor(() => expect(screen.getByText('2 of 20 chosen')).toBeDefined());
    expect(names()[3]).toBe('Site 3');
    const only = screen.getByRole('button', { name: 'Only chosen' });
    fireEvent.click(only);
    await waitFor(() => expect(names()).toEqual(['Site 3', 'Site 7']));
    expect(only.getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(box(/^Site 3 /u));
    await waitFor(() => expect(box(/^Site 3 /u).checked).toBe(false));
    expect(names()).toEqual(['Site 3', 'Site 7']);
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(list.chosen.value).toEqual([]);
    expect(document.activeElement).toBe(filterField());
  });

  it('one session of each account for a site, and says which one was replaced', async () => {
    const second = aSiteRow('Site 0', { sessionId: otherSessionId, clientName: 'Other app' });
    const ofGrace = aSiteRow('Site 0', { sessionId: otherSessionId, account: grace });
    const list = await show([rows[0]!, second]);
    for (const one of boxes()) fireEvent.click(one);
    expect(list.chosen.value).toMatchObject([{ sessionId: otherSessionId }]);
    expect(
      await screen.findByText(text(/^Site 0 Jira was chosen with another session/u)),
    ).toBeDefined();
    cleanup();
    const both = await show([rows[0]!, ofGrace]);
    for (const one of boxes()) fireEvent.click(one);
    expect(both.chosen.value).toHaveLength(2);
  });

  it('500 sites at most, and says so', async () => {
    const list = await show(manySiteRows(501), { chosen: manySiteRows(501).slice(1) });
    fireEvent.click(box(/^Site 0 /u));
    expect(await screen.findByText(/^A page can have 500 sites at most/u)).toBeDefined();
    expect(list.chosen.value).toHaveLength(500);
    expect(box(/^Site 0 /u).checked).toBe(false);
  });

  it('begins with the only site of the tab, and with none of several or one that has a problem', async () => {
    const ofTab = aSiteRow('Tab', { isOfTab: true });
    const begun = async (first: readonly SiteRow[], part?: Partial<SiteListOptions>) => {
      const list = await show([...first, ...rows], { isTabChosen: true, ...part });
      cleanup();
      return list.chosen.value.map(({ name }) => name);
    };
    expect(await begun([ofTab])).toEqual(['Tab']);
    expect(await begun([ofTab, { ...ofTab, account: grace, sessionId: otherSessionId }])).toEqual(
      [],
    );
    expect(await begun([{ ...ofTab, problem: 'sign-in' }])).toEqual([]);
    expect(await begun([])).toEqual([]);
    expect(await begun([ofTab], { isTabChosen: false })).toEqual([]);
  });

  it('one of several', async () => {
    const list = await show(rows.slice(0, 3), { kind: 'one' });
    const radios = screen.getAllByRole<HTMLInputElement>('radio');
    for (const radio of radios) fireEvent.click(radio);
    expect(list.chosen.value).toMatchObject([{ name: 'Site 2' }]);
    await waitFor(() => expect(radios.map(({ checked }) => checked)).toEqual([false, false, true]));
  });

  it('removes what is gone and says so, also beyond the first part, but not when the worker does not answer', async () => {
    const many = manySiteRows(200);
    const list = await show(many, { chosen: many });
    worker.answer('site.find', () => {
      throw new BrokerError('unavailable');
    });
    await list.reload();
    expect(list.chosen.value).toHaveLength(200);
    listSites(worker, many.slice(0, 199));
    expect(await list.reload()).toBe(true);
    expect(list.chosen.value).toHaveLength(199);
    expect(await screen.findByText(text(/no longer chosen: Site 199 Jira$/u))).toBeDefined();
    expect(await list.reload()).toBe(false);
  });
});

describe('rows that change places while the list is open', () => {
  const rows = manySiteRows(3);
  const clicked = async (list: SiteListStore): Promise<readonly string[]> => {
    fireEvent.click(boxes()[1]!);
    await waitFor(() => expect(boxes()[1]!.checked).toBe(list.chosen.value.length > 0));
    return list.chosen.value.map(({ name }) => name);
  };
  let nowMs = 0;
  const nowOf = () => nowMs;

  it('are not chosen until they have been there for a moment: a click was meant for another one', async () => {
    const list = await show(rows, { nowMs: nowOf });
    // Another session signs in.
    listSites(worker, [aSiteRow('New'), ...rows]);
    expect(await list.reload()).toBe(true);
    await waitFor(() => expect(names()[1]).toBe('Site 0'));
    expect(await clicked(list)).toEqual([]);
    nowMs += stillAfterMs - 1;
    expect(await clicked(list)).toEqual([]);
    nowMs += 1;
    expect(await clicked(list)).toEqual(['Site 0']);
  });

  it('are chosen at once when none moved, and after a search', async () => {
    const list = await show(rows, { nowMs: nowOf });
    listSites(worker, [...rows.map((row) => ({ ...row, isGranted: true })), aSiteRow('Last')]);
    expect(await list.reload()).toBe(true);
    expect(await clicked(list)).toEqual(['Site 1']);
    list.clear();
    listSites(worker, [aSiteRow('New'), ...rows]);
    await list.reload();
    list.setFilter('n');
    await waitFor(() => expect(names()).toEqual(['New']));
    fireEvent.click(boxes()[0]!);
    expect(list.chosen.value).toMatchObject([{ name: 'New' }]);
  });
});

describe('a row', () => {
  it('says whose account it is, with the email address for one of the same name', async () => {
    const namesake = { ...grace, name: 'Ada Lovelace' };
    await show([
      aSiteRow('Acme'),
      aSiteRow('Acme', { account: namesake, sessionId: otherSessionId }),
    ]);
    expect(box(/acme\.atlassian\.net · as Ada Lovelace \(ada@acme\.example\)$/u)).toBeDefined();
    expect(box(/as Ada Lovelace \(grace@acme\.example\)$/u)).toBeDefined();
  });

  it.each<[Partial<SiteRow>, Access, string | undefined]>([
    [{}, 'write', undefined],
    [{ scopedAccess: 'write' }, 'write', undefined],
    [{ scopedAccess: 'read' }, 'read', undefined],
    [{ scopedAccess: 'read' }, 'write', 'no scope for writing'],
    [{ scopedAccess: 'none' }, 'read', 'no scope for this product'],
    [{ scopedAccess: 'none', problem: 'sign-in' }, 'read', 'sign-in expired'],
    [{ problem: 'other-account' }, 'read', 'other account now'],
  ])('with %o for %s says: %s', async (part, access, text) => {
    await show([aSiteRow('Acme', part)], { access });
    expect(document.querySelector('.site-row-problem')?.textContent).toBe(text);
    expect(screen.getByRole('checkbox').closest('label')?.title).toBe(
      'Acme Jira · acme.atlassian.net · as Ada Lovelace (ada@acme.example) · Acme app',
    );
  });
});
