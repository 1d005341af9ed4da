import { accepts } from './provider-steps.ts';
import {
  versionOf,
  type Entry,
  type Invariant,
  type State,
  type Transition,
} from './protocol-state.ts';

/** The first invariant that an event breaks. */
export function brokenInvariant(before: State, transition: Transition): Invariant | undefined {
  const found = checks.find(([, isBroken]) => isBroken(before, transition));
  return found?.[0];
}

type Check = (before: State, transition: Transition) => boolean;

/** What the copies have of the session. */
const copiesOf = ({ local, mirror }: State): Entry[] =>
  [local, mirror].filter((entry) => entry !== undefined);
const newestGeneration = (state: State): number =>
  Math.max(0, ...copiesOf(state).map(({ generation }) => generation));

/** A token whose window has ended is sent once more at most, and that is recorded before. */
const isReplay: Check = ({ history, ...before }, { sent, state, at = 0 }) => {
  if (sent === undefined || !history.aged.includes(sent)) return false;
  const { isLate = false } = state.workers[at]?.attempt ?? {};
  const isRecorded = copiesOf({ ...before, ...state }).some(
    ({ journal, token }) => journal === 'late' && token === sent,
  );
  return !isLate || !isRecorded || history.sentLate.includes(sent);
};

const areTwoInFlight: Check = (_, { sent, state, at }) =>
  sent !== undefined &&
  state.workers.some(({ step }, other) => other !== at && (step === 'sent' || step === 'answered'));

/** An access token before its refresh token, or an older generation over a newer one. */
const isTooEarly: Check = (before, { state }) => {
  if (state.history.isSignedOut) return false;
  const isOlder = (one: Entry | undefined, other: Entry | undefined): boolean =>
    one !== undefined && other !== undefined && other.generation < one.generation;
  return (
    state.access > newestGeneration(state) ||
    isOlder(before.mirror, state.mirror) ||
    isOlder(before.local, state.local)
  );
};

/** A session asks for its person without need, or has a token that is worth nothing without anybody knowing. */
const isLost: Check = (before, { state, at = 0 }) => {
  const { provider, history, workers } = state;
  const { local } = state;
  const worker = workers[at];
  const isGivenUp = local?.isUsable === false && before.local?.isUsable === true;
  if (isGivenUp && worker?.unstored !== undefined) return true;
  if (isGivenUp && accepts(provider, local.token) && !history.unknownLate.includes(local.token))
    return true;
  if (worker?.step !== 'idle' || workers.some(({ step }) => step !== 'idle' && step !== 'off'))
    return false;
  const { memory, unstored } = worker;
  if (!memory?.isUsable || unstored !== undefined) return false;
  if (memory.journal !== 'none') return !history.isDisturbed;
  return !history.isDisturbed && local?.journal === 'none' && !accepts(provider, local.token);
};

const isForeign: Check = (_, { result }) => result?.kind === 'token' && result.account === 'other';

/** What belongs to an earlier sign-in is written over a later one. */
const isLateChange: Check = (before, { state, event }) => {
  if (event !== 'a copy is written') return false;
  return (['local', 'mirror'] as const).some((copy) => {
    const [one, other] = [before[copy], state[copy]];
    if (one === undefined || other === undefined || one === other) return false;
    const isEarlier = Math.floor(other.token / 10) < Math.floor(one.token / 10);
    return isEarlier || (one.isUsable && !other.isUsable && isOfEarlier(before, other));
  });
};
/** Whether a refusal concerns another generation than the stored one. */
const isOfEarlier = ({ workers }: State, { generation }: Entry): boolean =>
  workers.some(
    ({ step, attempt }) =>
      step.startsWith('refusing') && attempt !== undefined && attempt.generation < generation,
  );

/** A caller is told to let the person sign in although the session needs no sign-in. */
const isNeedless: Check = (_, { event, result, state, at }) => {
  if (result?.kind !== 'consent_required') return false;
  // Left out: a second worker that has given the session up answers from its memory.
  const isAlone = state.workers.every(({ step }, other) => other === at || step === 'off');
  if (event === 'a caller asks' && !isAlone) return false;
  const [newest] = copiesOf(state).sort((one, other) => versionOf(other) - versionOf(one));
  return newest?.isUsable === true && accepts(state.provider, newest.token);
};

const isBack: Check = (_, { state }) =>
  state.history.isSignedOut && (copiesOf(state).length > 0 || state.access > 0);

const checks: readonly (readonly [Invariant, Check])[] = [
  ['no replay', isReplay],
  ['one in flight', areTwoInFlight],
  ['durable first', isTooEarly],
  ['no loss', isLost],
  ['own account', isForeign],
  ['late answers', isLateChange],
  ['consent', isNeedless],
  ['signed out', isBack],
];
