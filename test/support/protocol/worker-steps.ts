import { requestOf } from './provider-steps.ts';
import {
  copyOf,
  versionOf,
  type Attempt,
  type Entry,
  type EventName,
  type Guard,
  type Journal,
  type Result,
  type State,
  type Step,
  type Token,
  type Transition,
  type Worker,
} from './protocol-state.ts';

/** One event of one worker, while it is worked out. */
export interface Happening {
  readonly event: EventName;
  readonly at: number;
  readonly state: State;
  readonly worker: Worker;
  readonly has: (guard: Guard) => boolean;
}

/** What an event leads to. */
type Outcome = Pick<Transition, 'result' | 'sent'>;

const consent: Result = { kind: 'consent_required' };
const failed: Result = { kind: 'fault' };

/** What a worker that runs can do next, apart from being killed. */
export function workerEvents(
  state: State,
  at: number,
  has: (guard: Guard) => boolean,
): Transition[] {
  const found: Transition[] = [];
  const when = (isPossible: boolean, event: EventName, act: (one: Happening) => Outcome): void => {
    if (!isPossible) return;
    const next = copyOf(state);
    const worker = next.workers[at];
    if (worker === undefined) return;
    const outcome = act({ event, at, state: next, worker, has });
    found.push({ event, at, state: next, ...outcome });
  };
  const worker = state.workers[at];
  if (worker === undefined) return found;
  const { step, memory } = worker;
  const isIdle = step === 'idle';
  const isOpen = memory !== undefined && memory.journal !== 'none' && memory.isUsable;
  when(isIdle && isLeft(state, 'a caller asks'), 'a caller asks', ask);
  when(isIdle && isOpen && isLeft(state, 'an alarm'), 'an alarm', alarm);
  when(step === 'waiting' && (state.lock === undefined || !has('lock')), 'the lock', locked);
  when(isWriting(step), 'a copy is written', written);
  const canFail = step === 'storing' && isLeft(state, 'the copies fail');
  when(canFail, 'the copies fail', copiesFail);
  when(step === 'sent', 'the request arrives', arrives);
  when(step === 'answered', 'the answer', answered);
  const isSent = step === 'sent' || step === 'answered';
  when(isSent && isLeft(state, 'no answer'), 'no answer', unanswered);
  // Left out: a second worker that has read the record of a late attempt does not learn that it was withdrawn.
  const isReadByOther = state.workers.some(
    (one, other) => other !== at && one.memory?.journal === 'late',
  );
  const canRefuse = step === 'sent' && !isReadByOther && isLeft(state, 'the answer: not processed');
  when(canRefuse, 'the answer: not processed', notProcessed);
  return found;
}

/** Whether an event may happen once more. */
export function isLeft({ left }: State, event: EventName): boolean {
  if ((left[event] ?? 0) === 0) return false;
  return !isDisturbance(event) || left.disturbances > 0;
}

const disturbances: readonly EventName[] = [
  'the copies fail',
  'the answer: not processed',
  'no answer',
  'the person signs in',
  'another account signs in',
  'the person signs out',
  'the provider ends the grant',
];
const isDisturbance = (event: EventName): boolean => disturbances.includes(event);

/** Counts an event. */
export function spend(state: State, event: EventName): void {
  const { disturbances: many } = state.left;
  state.left = {
    ...state.left,
    [event]: (state.left[event] ?? 1) - 1,
    disturbances: many - (isDisturbance(event) ? 1 : 0),
  };
  state.history.isDisturbed ||= isDisturbance(event);
}

/** Whether a worker waits for a copy of the store. */
export function isWriting(step: Step): boolean {
  return /^(?:recording|storing|refusing|restoring)/u.test(step) || step === 'sharing';
}

function ask(one: Happening): Outcome {
  const { state, worker } = one;
  spend(state, one.event);
  if (!worker.memory?.isUsable) return { result: consent };
  const result = accessOf(one, worker.memory.generation);
  if (result) return { result };
  worker.step = 'waiting';
  worker.above = 0;
  return {};
}

function alarm({ state, worker, event }: Happening): Outcome {
  spend(state, event);
  worker.step = 'waiting';
  worker.above = worker.memory?.generation ?? 0;
  return {};
}

/** The access token of a generation or a newer one: in memory, or in `storage.session`. */
export function accessOf(
  { state, worker }: Pick<Happening, 'state' | 'worker'>,
  generation: number,
): Result | undefined {
  if (worker.access < generation && state.access >= generation) worker.access = state.access;
  return worker.access >= generation && worker.access > 0
    ? { kind: 'token', generation: worker.access, account: state.accessAccount }
    : undefined;
}

function locked(one: Happening): Outcome {
  const { state, at, worker, has } = one;
  state.lock = at;
  if (has('second read')) reread(one);
  const result = worker.memory && accessOf(one, worker.memory.generation);
  if (result?.kind === 'token' && result.generation > worker.above) return end(one, result);
  const { unstored } = worker;
  if (unstored?.generation !== worker.memory?.generation) worker.unstored = undefined;
  else if (unstored && has('unstored first')) {
    worker.unstored = undefined;
    return store(one, unstored);
  }
  return begin(one);
}

/** Takes over what another worker has stored. */
function reread({ state, worker, has }: Happening): void {
  const copies = has('both copies') ? [state.local, state.mirror] : [state.local];
  for (const found of copies)
    if (worker.memory && found && versionOf(found) > versionOf(worker.memory))
      worker.memory = found;
}

/** Decides by the journal whether the refresh token may be sent: `refreshStep` in refresh-plan.ts. */
function begin(one: Happening): Outcome {
  const { state, worker, has } = one;
  const { memory } = worker;
  if (!memory?.isUsable) return end(one, consent);
  const { journal, generation, token } = memory;
  if (journal === 'late' && has('one late attempt')) return refuse(one, memory);
  const isLate = journal === 'late' || (journal === 'aged' && has('window'));
  const isRepeated = state.history.sent.includes(token);
  worker.attempt = { generation, token, before: journal, isLate, isRepeated };
  const after: Journal = isLate ? 'late' : 'open';
  if (!has('journal')) return send(one);
  return write(one, 'recording', {
    ...memory,
    journal: journal === 'aged' && !isLate ? 'aged' : after,
  });
}

function write({ worker }: Happening, step: Step, pending: Entry): Outcome {
  worker.step = step;
  worker.pending = pending;
  return {};
}

function send({ state: { history }, worker }: Happening): Outcome {
  const { attempt } = worker;
  worker.step = 'sent';
  if (attempt === undefined) return {};
  const { token, isLate } = attempt;
  history.sent = withToken(history.sent, token);
  if (isLate) history.sentLate = withToken(history.sentLate, token);
  return { sent: token };
}

/** The tokens with one more, in order. */
function withToken(tokens: readonly Token[], token: Token): readonly Token[] {
  return tokens.includes(token) ? tokens : [...tokens, token].sort((a, b) => a - b);
}

function written(one: Happening): Outcome {
  const { state, worker } = one;
  const { pending, attempt, step } = worker;
  if (step === 'sharing') return share(one);
  if (!step.endsWith('1 of 2')) {
    state.mirror = pending;
    worker.step = `${step}, 1 of 2` as Step;
    return {};
  }
  state.local = pending;
  worker.memory = pending;
  worker.pending = undefined;
  if (step === 'recording, 1 of 2') return send(one);
  if (step === 'storing, 1 of 2') {
    worker.step = 'sharing';
    return {};
  }
  if (step === 'refusing, 1 of 2') return end(one, consent);
  if (attempt?.answer === 'refused' && pending) return refuse(one, pending);
  return end(one, failed);
}

/** The access token is written and then given. */
function share(one: Happening): Outcome {
  const generation = (one.worker.attempt?.generation ?? 0) + 1;
  setAccess(one, generation);
  return end(one, { kind: 'token', generation, account: one.state.accessAccount });
}

/** Writes an access token: memory and `storage.session`. */
export function setAccess(
  { state, worker }: Pick<Happening, 'state' | 'worker'>,
  generation: number,
): void {
  worker.access = generation;
  state.access = generation;
}

function copiesFail(one: Happening): Outcome {
  const { state, worker } = one;
  spend(state, one.event);
  worker.unstored = worker.attempt;
  rememberUnknown(state, worker);
  return end(one, failed);
}

function arrives({ state, worker }: Happening): Outcome {
  const { attempt } = worker;
  if (attempt === undefined) return {};
  worker.step = 'answered';
  worker.attempt = { ...attempt, answer: requestOf(state.provider, attempt.token) };
  return {};
}

function answered(one: Happening): Outcome {
  const { attempt } = one.worker;
  if (attempt?.answer === undefined) return {};
  return attempt.answer === 'refused' ? settle(one, 'refused') : store(one, attempt);
}

/** The rotated token is stored before anything else, if the session is still the one that was sent. */
function store(one: Happening, attempt: Attempt): Outcome {
  const { worker, has } = one;
  const { generation, token, answer } = attempt;
  worker.attempt = attempt;
  const gone: Entry | undefined = has('existing session')
    ? undefined
    : { generation, token, journal: 'none', isUsable: true, account: 'own' };
  const known = worker.memory ?? gone;
  const isCurrent = known?.generation === generation || !has('generation of an answer');
  if (known === undefined || !isCurrent || typeof answer !== 'number') return settle(one, 'fault');
  if (!has('stored first')) setAccess(one, generation + 1);
  return write(one, 'storing', {
    ...known,
    generation: generation + 1,
    token: answer,
    journal: 'none',
    isUsable: true,
  });
}

function unanswered(one: Happening): Outcome {
  const { state, worker } = one;
  spend(state, one.event);
  rememberUnknown(state, worker);
  return settle(one, 'fault');
}

/** Notes that no copy says what became of a late attempt. */
export function rememberUnknown({ history }: State, { attempt }: Worker): void {
  if (attempt?.isLate) history.unknownLate = withToken(history.unknownLate, attempt.token);
}

function notProcessed(one: Happening): Outcome {
  const { state, worker } = one;
  spend(state, one.event);
  const { attempt } = worker;
  const { history } = state;
  const others = (tokens: readonly Token[]): readonly Token[] =>
    tokens.filter((token) => token !== attempt?.token);
  // This attempt did not use the token.
  history.sentLate = others(history.sentLate);
  if (!attempt?.isRepeated) history.sent = others(history.sent);
  return settle(one, 'not processed');
}

/** An attempt has failed: `settleFailure` in refresher.ts. */
function settle(one: Happening, why: 'refused' | 'fault' | 'not processed'): Outcome {
  const { worker, has } = one;
  const generation = worker.attempt?.generation ?? 0;
  reread(one);
  const { memory } = worker;
  const isNewer = memory !== undefined && memory.generation > generation;
  const result = isNewer && accessOf(one, memory.generation);
  if (result) return end(one, result);
  if (why === 'fault') return end(one, failed);
  const isSame = memory?.generation === generation;
  if (why === 'not processed')
    return memory && isSame && has('restored journal') ? restore(one, memory) : end(one, failed);
  if (memory === undefined || !isSame) return end(one, consent);
  return has('one write') ? refuse(one, memory) : restore(one, memory);
}

function restore(one: Happening, memory: Entry): Outcome {
  const { before = 'none' } = one.worker.attempt ?? {};
  return write(one, 'restoring', { ...memory, journal: before });
}

function refuse(one: Happening, memory: Entry): Outcome {
  return write(one, 'refusing', { ...memory, journal: 'none', isUsable: false });
}

/** The refresh ends, and its lock with it. */
function end({ state, at, worker }: Happening, result: Result): Outcome {
  worker.step = 'idle';
  worker.attempt = undefined;
  worker.pending = undefined;
  worker.above = 0;
  if (state.lock === at) state.lock = undefined;
  return { result };
}
