import { beforeEach, expect, it } from 'vitest';
import type { SessionId } from '#core/session/session.ts';
import type { Listed, SessionRow } from '#wire/list-views.ts';
import { aSessionRow } from '../../test/support/samples/popup-views.ts';
import { FakeWorker } from '../../test/support/samples/ui-views.ts';
import { createSessionRows } from './session-rows.ts';

interface Asked {
  readonly filter: string;
  readonly offset: number;
}

let worker: FakeWorker;
/** The requests that are not answered yet. */
let open: { readonly asked: Asked; readonly answer: () => void }[];
beforeEach(() => {
  open = [];
  worker = new FakeWorker().answer(
    'session.find',
    (asked: Asked) =>
      new Promise<Listed<SessionRow>>((resolve) => {
        open.push({
          asked,
          answer: () => {
            resolve({ total: 100, matching: 100, rows: [rowOf(asked)] });
          },
        });
      }),
  );
});

const rowOf = ({ filter, offset }: Asked): SessionRow =>
  aSessionRow({ id: `${filter} ${String(offset)}` as SessionId });
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};
const answerAll = async (): Promise<void> => {
  await settled();
  for (const { answer } of open.splice(0)) answer();
  await settled();
};

it('asks for what was typed last once the reply before it is there, which is dropped', async () => {
  const rows = createSessionRows(worker.send, 'last-use');
  for (const filter of ['a', 'ac', 'acm']) rows.list(filter);
  await settled();
  expect(open.map(({ asked }) => asked.filter)).toEqual(['a']);
  await answerAll();
  expect(rows.listed.value).toBeUndefined();
  expect(open.map(({ asked }) => asked.filter)).toEqual(['acm']);
  await answerAll();
  expect(rows.listed.value?.rows.map(({ id }) => id)).toEqual(['acm 0']);
  expect(open).toEqual([]);
});

it('drops a reply that comes after nothing is wanted any more', async () => {
  const rows = createSessionRows(worker.send, 'last-use');
  rows.list('a');
  await settled();
  rows.clear();
  await answerAll();
  expect(rows.listed.value).toBeUndefined();
});

it('reads as many parts again as are shown', async () => {
  const rows = createSessionRows(worker.send, 'account');
  rows.list('');
  await answerAll();
  rows.more();
  await answerAll();
  expect(rows.listed.value?.rows).toHaveLength(2);
  rows.reload();
  await settled();
  expect(open.map(({ asked }) => asked)).toEqual(
    [0, 60].map((offset) => ({ filter: '', offset, limit: 60, order: 'account' })),
  );
  await answerAll();
  expect(rows.listed.value?.rows).toHaveLength(2);
});

it('keeps the rows and says why when a request fails', async () => {
  const rows = createSessionRows(worker.send, 'account');
  rows.list('');
  await answerAll();
  worker.refuse('session.find', 'unavailable');
  rows.reload();
  await settled();
  expect(rows.fault.value?.code).toBe('unavailable');
  expect(rows.listed.value?.rows).toHaveLength(1);
});
