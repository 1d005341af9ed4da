import { issue, requestOf } from './provider-steps.ts';
import {
  copyOf,
  offWorker,
  versionOf,
  type Entry,
  type EventName,
  type Guard,
  type State,
  type Step,
  type Transition,
  type Worker,
} from './protocol-state.ts';
import { accessOf, isLeft, isWriting, rememberUnknown, setAccess, spend } from './worker-steps.ts';

/** What can happen to a worker from outside, and around the workers. */
export function outsideEvents(state: State, has: (guard: Guard) => boolean): Transition[] {
  const found: Transition[] = [];
  const happen = (event: EventName, act: (next: State) => void, at?: number): void => {
    if (!isLeft(state, event)) return;
    const next = copyOf(state);
    spend(next, event);
    act(next);
    found.push({ event, state: next, ...(at === undefined ? {} : { at }) });
  };
  for (const [at, worker] of state.workers.entries()) {
    const act = (event: EventName, change: (next: State, one: Worker) => void): void => {
      const changed = (next: State): void => {
        const one = next.workers[at];
        if (one) change(next, one);
      };
      happen(event, changed, at);
    };
    if (worker.step !== 'off') act('a kill', kill(at));
    // A write takes milliseconds: no worker starts within another's.
    else if (state.workers.every(({ step }) => !isWriting(step))) act('start', start(has));
    if (!canHearPerson(state, worker)) continue;
    act('the person signs in', signIn('own'));
    act('another account signs in', has('same account') ? () => undefined : signIn('other'));
    act('the person signs out', signOut);
  }
  if (state.floating !== undefined) {
    happen('a request of a killed worker arrives', (next) => {
      requestOf(next.provider, next.floating ?? 0);
      next.floating = undefined;
    });
    happen('a request of a killed worker is lost', (next) => {
      next.floating = undefined;
    });
  } else if (state.workers.every(({ step }) => isAtRest(step)))
    happen('the window ends', endWindow);
  if (!state.provider.isEnded)
    happen('the provider ends the grant', (next) => {
      next.provider.isEnded = true;
    });
  return found;
}

/** The person uses one worker, while no other runs, and their change waits for the write under way. */
function canHearPerson({ workers }: State, worker: Worker): boolean {
  const isAlone = workers.every((one) => one === worker || one.step === 'off');
  return isAlone && worker.step !== 'off' && !isWriting(worker.step) && worker.memory !== undefined;
}

/** An attempt with its writes is short: the window does not end within it. */
function isAtRest(step: Step): boolean {
  return step === 'off' || step === 'idle' || step === 'waiting';
}

/** Both copies are read, the newer one is used and repairs the other, and an open journal is resumed. */
function start(has: (guard: Guard) => boolean) {
  return (state: State, worker: Worker): void => {
    const { local, mirror } = state;
    const isMirrorNewer =
      has('newer copy') && local && mirror && versionOf(mirror) > versionOf(local);
    const best = isMirrorNewer ? mirror : local;
    state.local = best;
    state.mirror = best;
    worker.memory = best;
    worker.step = 'idle';
    if (best === undefined) return;
    if (best.isUsable) accessOf({ state, worker }, best.generation);
    if (best.journal === 'none' || !best.isUsable || !has('resume')) return;
    worker.step = 'waiting';
    worker.above = best.generation;
  };
}

function kill(at: number) {
  return (state: State, worker: Worker): void => {
    const { step, attempt } = worker;
    if (!/^(?:idle|waiting)$/u.test(step)) rememberUnknown(state, worker);
    if (step === 'sent' && attempt) state.floating = attempt.token;
    if (state.lock === at) state.lock = undefined;
    state.workers[at] = offWorker();
  };
}

function signIn(account: Entry['account']) {
  return (state: State, worker: Worker): void => {
    const { provider } = state;
    const generation = (worker.memory?.generation ?? 0) + 1;
    provider.family += 1;
    provider.issued = 0;
    provider.isEnded = false;
    provider.unused = [];
    provider.inWindow = [];
    const token = issue(provider);
    const entry: Entry = { generation, token, journal: 'none', isUsable: true, account };
    worker.memory = entry;
    state.mirror = entry;
    state.local = entry;
    setAccess({ state, worker }, generation);
    state.accessAccount = account;
  };
}

function signOut(state: State, worker: Worker): void {
  state.history.isSignedOut = true;
  state.provider.isEnded = true;
  worker.memory = undefined;
  worker.access = 0;
  state.mirror = undefined;
  state.local = undefined;
  state.access = 0;
}

/** Ten minutes pass. */
function endWindow(state: State): void {
  const aged = (entry: Entry | undefined): Entry | undefined =>
    entry?.journal === 'open' ? { ...entry, journal: 'aged' } : entry;
  state.mirror = aged(state.mirror);
  state.local = aged(state.local);
  for (const worker of state.workers) worker.memory = aged(worker.memory);
  state.provider.inWindow = [];
  state.history.aged = state.history.sent;
}
