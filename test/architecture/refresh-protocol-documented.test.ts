import { expect, it } from 'vitest';
import { fewerEvents, longBounds } from '../support/protocol/bounds.ts';
import { guardNames, invariantNames } from '../support/protocol/protocol-state.ts';
import { stateMachine } from '../support/protocol/table.ts';
import { walk, wordsOf } from '../support/protocol/walk.ts';
import { sourceText } from './imports.ts';
import { tableRows } from './markdown.ts';

const file = 'docs/refresh-protocol.md';
/** What stands before the colon. */
const name = ([cell = '']: readonly string[]): string => cell.split(':')[0] ?? '';

it('the state machine is that of the model, in which no order of events breaks an invariant', () => {
  const { rows, reached, broken } = stateMachine(longBounds);
  expect(broken && `${broken.invariant}: ${wordsOf(broken.way)}`).toBeUndefined();
  const documented = tableRows(file, '## States and events').map((cells) => cells.slice(0, 5));
  expect(documented).toEqual(rows);
  expect(sourceText(file)).toContain(`${reached.length.toLocaleString('en')} states`);
});

it('the invariants and guards are those of the model', () => {
  expect(tableRows(file, '## Invariants').map(name)).toEqual(invariantNames);
  expect(tableRows(file, '## Guards').map(name)).toEqual(guardNames);
});

it.each(tableRows(file, '## Guards').map((row) => [name(row), row[2] ?? ''] as const))(
  'without the guard “%s” an order of events breaks “%s”',
  (guard, invariant) => {
    const without = guardNames.find((one) => one === guard);
    const { broken } = walk(fewerEvents, without);
    expect(broken?.invariant).toBe(invariant);
  },
);
