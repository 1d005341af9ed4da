import {
  eventNames,
  stepNames,
  type Left,
  type Result,
  type State,
  type Step,
  type Transition,
} from './protocol-state.ts';
import { walk, type Walk } from './walk.ts';

/** One line of the state machine: state, event, next state, durable writes, what is sent or returned. */
export type Row = readonly [string, string, string, string, string];

/** The state machine of one worker's refresh, as a walk has gone through it: every line that occurred, once. */
export function stateMachine(left: Left): Walk & { readonly rows: Row[] } {
  const rows = new Map<string, Row>();
  const walked = walk(left, undefined, (before, transition) => {
    const row = rowOf(before, transition);
    rows.set(row.join('|'), row);
  });
  return {
    ...walked,
    rows: [...rows.values()].sort(
      (one, other) => order(rank(one), rank(other)) || order(one.join(), other.join()),
    ),
  };
}

const personChanges: Readonly<Partial<Record<string, string>>> = {
  'the person signs in': 'the next generation: both copies; the access token: `storage.session`',
  'another account signs in': 'another session',
  'the person signs out': 'the session and its access token are removed',
};

function order<T extends number | string>(one: T, other: T): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function rank([state, event]: Row): number {
  const at = stepNames.findIndex((name) => name === state);
  if (at < 0) return Infinity;
  return at * eventNames.length + eventNames.findIndex((name) => name === event);
}

function rowOf(before: State, transition: Transition): Row {
  const { event, at, state, sent, result } = transition;
  const step = at === undefined ? 'any' : (before.workers[at]?.step ?? 'off');
  const next = at === undefined ? 'the same' : (state.workers[at]?.step ?? 'off');
  const answer = [
    sent === undefined ? '' : 'the refresh token',
    result ? results[result.kind] : '',
  ];
  if (event === 'a kill') return ['any', event, next, '', ''];
  const change = personChanges[event];
  if (change !== undefined) return ['any, not writing', event, 'the same', change, ''];
  return [
    step,
    event,
    next === step ? 'the same' : next,
    writesOf(before, state, step as Step),
    answer.filter(Boolean).join(', '),
  ];
}

const results: Readonly<Record<Result['kind'], string>> = {
  token: 'an access token',
  consent_required: '`consent_required`',
  fault: 'the fault',
};

function writesOf(before: State, { mirror, local, access }: State, step: Step): string {
  const what = contents[step.replace(', 1 of 2', '')];
  if (what === undefined) return '';
  const places = [
    ...(before.mirror === mirror ? [] : ['IndexedDB']),
    ...(before.local === local ? [] : ['`storage.local`']),
    ...(before.access === access ? [] : ['`storage.session`']),
  ];
  return places.length === 0 ? '' : `${what}: ${places.join(', ')}`;
}

const contents: Readonly<Partial<Record<string, string>>> = {
  recording: 'the attempt',
  storing: 'the next generation',
  sharing: 'the access token',
  refusing: 'that a sign-in is needed',
  restoring: 'the journal as before',
};
