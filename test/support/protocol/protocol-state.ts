/** The steps of a worker's refresh of one session. A write is of two copies, IndexedDB and then `storage.local`. */
export const stepNames = [
  'off',
  'idle',
  'waiting',
  'recording',
  'recording, 1 of 2',
  'sent',
  'answered',
  'storing',
  'storing, 1 of 2',
  'sharing',
  'refusing',
  'refusing, 1 of 2',
  'restoring',
  'restoring, 1 of 2',
] as const;
export type Step = (typeof stepNames)[number];

/** What happens to a worker, or around the workers. */
export const eventNames = [
  'start',
  'a caller asks',
  'an alarm',
  'the lock',
  'a copy is written',
  'the copies fail',
  'the request arrives',
  'the answer',
  'the answer: not processed',
  'no answer',
  'the person signs in',
  'another account signs in',
  'the person signs out',
  'a kill',
  'a request of a killed worker arrives',
  'a request of a killed worker is lost',
  'the window ends',
  'the provider ends the grant',
] as const;
export type EventName = (typeof eventNames)[number];

/** What keeps the invariants, each with the code that it stands for in docs/refresh-protocol.md. */
export const guardNames = [
  'lock',
  'second read',
  'both copies',
  'journal',
  'window',
  'one late attempt',
  'stored first',
  'unstored first',
  'generation of an answer',
  'one write',
  'restored journal',
  'existing session',
  'newer copy',
  'resume',
  'same account',
] as const;
export type Guard = (typeof guardNames)[number];

/** What must hold in every state and at every event. */
export const invariantNames = [
  'no replay',
  'one in flight',
  'durable first',
  'no loss',
  'own account',
  'late answers',
  'consent',
  'signed out',
] as const;
export type Invariant = (typeof invariantNames)[number];

/** A refresh token: ten times the number of the sign-in, and how many were issued since. */
export type Token = number;
/** `aged`: the provider's window has passed since the first attempt. */
export type Journal = 'none' | 'open' | 'aged' | 'late';

/** The session as a worker or a copy of the store has it. Never changed, only replaced. */
export interface Entry {
  readonly generation: number;
  readonly token: Token;
  readonly journal: Journal;
  readonly isUsable: boolean;
  readonly account: 'own' | 'other';
}

/** One worker. */
export interface Worker {
  step: Step;
  memory: Entry | undefined;
  /** The generation of the access token that is in memory; 0 for none. */
  access: number;
  /** What the caller who waits already knows: only an access token of a higher generation serves it. */
  above: number;
  attempt: Attempt | undefined;
  /** What is being written. */
  pending: Entry | undefined;
  /** An answer that no copy has taken. */
  unstored: Attempt | undefined;
}

/** A request with a refresh token. */
export interface Attempt {
  readonly generation: number;
  readonly token: Token;
  /** The journal before the attempt was recorded. */
  readonly before: Journal;
  readonly isLate: boolean;
  /** Whether the same token was sent before and may have been used. */
  readonly isRepeated: boolean;
  readonly answer?: Token | 'refused';
}

/** The grants of the account at the provider. */
export interface Provider {
  /** The newest sign-in. Earlier ones are ended. */
  family: number;
  issued: number;
  /** Refresh tokens that were never used. */
  unused: readonly Token[];
  /** Used refresh tokens that are still accepted. */
  inWindow: readonly Token[];
  isEnded: boolean;
}

/** What has happened, for the invariants alone. */
export interface History {
  /** Tokens that were sent and may have been used. */
  sent: readonly Token[];
  /** Those of `sent` whose window has ended. */
  aged: readonly Token[];
  sentLate: readonly Token[];
  /** Tokens of which a recorded late attempt ended without an answer. */
  unknownLate: readonly Token[];
  isSignedOut: boolean;
  /** Whether something beside a kill went wrong. */
  isDisturbed: boolean;
}

/** How often each event may still happen. */
export type Left = Readonly<Partial<Record<EventName, number>>> & { readonly disturbances: number };

/** Everything. */
export interface State {
  readonly workers: [Worker, Worker];
  mirror: Entry | undefined;
  local: Entry | undefined;
  /** The generation of the access token in `storage.session`; 0 for none. */
  access: number;
  accessAccount: Entry['account'];
  lock: number | undefined;
  /** The request of a killed worker that is still on its way. */
  floating: Token | undefined;
  readonly provider: Provider;
  readonly history: History;
  left: Left;
}

/** What a caller gets. */
export type Result =
  | { readonly kind: 'token'; readonly generation: number; readonly account: Entry['account'] }
  | { readonly kind: 'consent_required' }
  | { readonly kind: 'fault' };

/** Something that can happen in a state. */
export interface Transition {
  readonly event: EventName;
  /** The number of the worker; absent for what happens around them. */
  readonly at?: number;
  readonly state: State;
  readonly sent?: Token;
  readonly result?: Result;
}

/** A worker that is not running. */
export function offWorker(): Worker {
  return {
    step: 'off',
    memory: undefined,
    access: 0,
    above: 0,
    attempt: undefined,
    pending: undefined,
    unstored: undefined,
  };
}

/** One session at the expiry of its access token, and one worker. */
export function initialState(left: Left): State {
  const entry: Entry = {
    generation: 1,
    token: 11,
    journal: 'none',
    isUsable: true,
    account: 'own',
  };
  return {
    workers: [{ ...offWorker(), step: 'idle', memory: entry }, offWorker()],
    mirror: entry,
    local: entry,
    access: 0,
    accessAccount: 'own',
    lock: undefined,
    floating: undefined,
    provider: { family: 1, issued: 1, unused: [11], inWindow: [], isEnded: false },
    history: {
      sent: [],
      aged: [],
      sentLate: [],
      unknownLate: [],
      isSignedOut: false,
      isDisturbed: false,
    },
    left,
  };
}

/** A copy that can be changed. */
export function copyOf(state: State): State {
  const [one, other] = state.workers;
  return {
    ...state,
    workers: [{ ...one }, { ...other }],
    provider: { ...state.provider },
    history: { ...state.history },
  };
}

/** As the store compares copies: `versionOf` in extension/storage/entity-kinds.ts. */
export function versionOf({ generation, journal, isUsable }: Entry): number {
  if (!isUsable) return generation + 0.9;
  return generation + { none: 0, open: 0.5, aged: 0.5, late: 0.75 }[journal];
}

/** A text that two states have in common if they are the same. */
export function keyOf(state: State): string {
  const { workers, mirror, local, lock, floating, provider, history, left } = state;
  return [
    ...workers.flatMap((worker) => [
      worker.step,
      keyOfEntry(worker.memory),
      worker.access,
      worker.above,
      keyOfAttempt(worker.attempt),
      keyOfEntry(worker.pending),
      keyOfAttempt(worker.unstored),
    ]),
    keyOfEntry(mirror),
    keyOfEntry(local),
    state.access,
    state.accessAccount,
    lock,
    floating,
    ...Object.values(provider).map(String),
    ...Object.values(history).map(String),
    ...eventNames.map((name) => left[name]),
    left.disturbances,
  ].join(';');
}

function keyOfEntry(entry: Entry | undefined): string {
  if (entry === undefined) return '';
  const { generation, token, journal, isUsable, account } = entry;
  return `${String(generation)} ${String(token)} ${journal} ${String(isUsable)} ${account}`;
}

function keyOfAttempt(attempt: Attempt | undefined): string {
  if (attempt === undefined) return '';
  const { generation, token, before, isLate, isRepeated, answer = '' } = attempt;
  return `${String(generation)} ${String(token)} ${before} ${String(isLate)} ${String(isRepeated)} ${String(answer)}`;
}
