import { expect, test } from 'vitest';
import { importableRows, type TransferRow } from './transfer-preview.ts';

const row = (id: string, part: Partial<TransferRow> = {}): TransferRow => ({
  id,
  kind: 'client',
  name: id,
  state: 'new',
  values: [],
  notes: [],
  ...part,
});
const rows = [
  row('grant', { needs: ['plain', 'other'] }),
  row('plain', { needs: ['setting'] }),
  row('other'),
  row('never', { excludes: 'setting' }),
  row('setting'),
];

test.each([
  ['all that is chosen', ['grant', 'plain', 'setting'], ['grant', 'plain', 'setting']],
  ['one of what is needed', ['grant', 'other'], ['grant', 'other']],
  ['nothing that needs what is not chosen', ['plain', 'other'], ['other']],
  ['nothing that needs it in turn', ['grant', 'plain'], []],
  ['nothing that excludes what is chosen', ['never', 'setting'], ['setting']],
  ['what excludes nothing chosen', ['never'], ['never']],
  ['no row that does not exist', ['unknown', 'other'], ['other']],
])('imports %s', (_, chosen, importable) => {
  expect([...importableRows(rows, new Set(chosen))]).toEqual(importable);
});
