import { brokenInvariant } from './invariants.ts';
import {
  initialState,
  keyOf,
  type EventName,
  type Guard,
  type Invariant,
  type Left,
  type State,
  type Transition,
} from './protocol-state.ts';
import { outsideEvents } from './surroundings.ts';
import { workerEvents } from './worker-steps.ts';

/** A state that was reached, and how. */
export interface Reached {
  readonly state: State;
  /** The transition by which it was reached first; absent for the initial state. */
  readonly by?: Transition;
  readonly from?: Reached;
}

/** What a walk has found. */
export interface Walk {
  readonly reached: readonly Reached[];
  readonly transitions: number;
  /** The first violation, with the shortest way to it. */
  readonly broken?: { readonly invariant: Invariant; readonly way: readonly Transition[] };
}

/** Everything that can happen in a state. */
function transitionsOf(state: State, without?: Guard): Transition[] {
  const has = (guard: Guard): boolean => guard !== without;
  return [
    ...state.workers.flatMap((_, at) => workerEvents(state, at, has)),
    ...outsideEvents(state, has),
  ];
}

/**
 * Visits every state, the nearest first, and calls `visit` at each transition. Ends at the first violation of an invariant.
 * The order depends on nothing but the bounds.
 */
export function walk(
  left: Left,
  without?: Guard,
  visit: (before: State, transition: Transition) => void = () => undefined,
): Walk {
  const first: Reached = { state: initialState(left) };
  const reached: Reached[] = [first];
  const seen = new Set([keyOf(first.state)]);
  let transitions = 0;
  for (const from of reached) {
    for (const by of transitionsOf(from.state, without)) {
      transitions += 1;
      visit(from.state, by);
      const invariant = brokenInvariant(from.state, by);
      if (invariant !== undefined)
        return { reached, transitions, broken: { invariant, way: [...wayTo(from), by] } };
      const key = keyOf(by.state);
      if (seen.has(key)) continue;
      seen.add(key);
      reached.push({ state: by.state, by, from });
    }
  }
  return { reached, transitions };
}

/** What no worker that runs does or learns at once. */
const unseen: readonly EventName[] = [
  'the request arrives',
  'a kill',
  'a request of a killed worker arrives',
  'a request of a killed worker is lost',
  'the window ends',
  'the provider ends the grant',
];

/** The fewest ways that lead to every state in which a worker has done something, each over those before it. */
export function waysToAll(reached: readonly Reached[]): Transition[][] {
  const isSeen = ({ by }: Reached): boolean => by !== undefined && !unseen.includes(by.event);
  const onTheWay = new Set<Reached>();
  for (const one of reached.toReversed())
    if (one.from && (isSeen(one) || onTheWay.has(one))) onTheWay.add(one.from);
  return reached.filter((one) => isSeen(one) && !onTheWay.has(one)).map(wayTo);
}

/** The transitions from the initial state to one. */
function wayTo(reached: Reached): Transition[] {
  const way: Transition[] = [];
  for (let one: Reached | undefined = reached; one?.by; one = one.from) way.unshift(one.by);
  return way;
}

/** A way in words, for a failure. */
export function wordsOf(way: readonly Transition[]): string {
  return way
    .map(({ event, at }) => (at === undefined ? event : `${'AB'[at] ?? ''}: ${event}`))
    .join(' → ');
}
