import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import { reveal, secret } from '../../../extension/core/values/secret.ts';
import { parseSession } from '../../../extension/storage/parse-stored.ts';
import type { SessionEntry, StoredAccess } from '../../../extension/storage/schema.ts';
import type { Standin } from '../../standin/standin.ts';
import { aDraft } from '../harness.ts';
import { instantCrypto } from '../kill/instant-crypto.ts';
import { testWorld, type TestWorld } from '../test-world.ts';
import type { Gate } from './gated-world.ts';
import type { Entry, State, Step, Token, Transition, Worker } from './protocol-state.ts';
import {
  openAccounts,
  replyTo,
  settled,
  startReplayed,
  type ReplayedWorker,
  type Subject,
} from './replayed-worker.ts';

/** A browser in which one account is signed in, to be replayed in as often as wanted. */
export interface Replays {
  /** Replays a way with the real token handler. @throws Error that names the first difference */
  replay(initial: State, way: readonly Transition[]): Promise<void>;
}

/** Longer than one refresh may take with all its attempts, so that it is not repeated while its callers wait. */
const roundMs = 120_000;
/** Longer than the provider accepts a used token. */
const windowMs = 601_000;
const startMs = 1_800_000_000_000;
const own = 'own';

/** Signs in once. */
export async function openReplays(): Promise<Replays> {
  let nowMs = startMs;
  const clock = { nowMs: () => nowMs, advance: (ms: number) => (nowMs += ms) };
  const standin = { clock } as unknown as Standin;
  const signedIn = testWorld(standin);
  const subject = await signInOnce(signedIn);
  const tokenOf = tokenReader(signedIn, subject);
  return {
    replay: async (initial, way) => {
      nowMs = startMs;
      const browser = testWorld(standin);
      for (const area of ['local', 'mirror'] as const)
        for (const [key, value] of signedIn[area].entries) browser[area].entries.set(key, value);
      const world = { ...browser, keyStore: signedIn.keyStore };
      await new Replay(world, subject, clock.advance, tokenOf).run(initial, way);
    },
  };
}

async function signInOnce(browser: TestWorld): Promise<Subject> {
  const world: TestWorld = {
    ...browser,
    crypto: instantCrypto(),
    fetch: (url) => Promise.resolve(replyTo(url, own)),
  };
  const accounts = await openAccounts(world);
  const client = await accounts.clients.create(aDraft());
  const { id } = await accounts.sessions.open(
    { client, requestedScopes: client.scopes },
    { accessToken: secret('access'), refreshToken: secret('11'), expiresAtMs: startMs },
  );
  return { id, client };
}

type TokenOf = (session: SessionEntry) => Promise<Token>;

/** Decrypts the refresh token of a stored session, each once. */
function tokenReader({ keyStore }: TestWorld, { client }: Subject): TokenOf {
  const secrets = createSessionSecrets(createVault(keyStore, instantCrypto()));
  const known = new Map<string, Promise<Token>>();
  const read: TokenOf = async (session) => {
    const token = await secrets.refreshTokenOf(session, client);
    return token === undefined ? 0 : Number(reveal(token));
  };
  return (session) => {
    const key = JSON.stringify(session.sealedRefreshToken);
    const token = known.get(key) ?? read(session);
    known.set(key, token);
    return token;
  };
}

class Replay {
  readonly #browser: TestWorld;
  readonly #subject: Subject;
  readonly #advance: (ms: number) => void;
  readonly #tokenOf: TokenOf;
  readonly #workers: [ReplayedWorker | undefined, ReplayedWorker | undefined] = [
    undefined,
    undefined,
  ];

  constructor(
    browser: TestWorld,
    subject: Subject,
    advance: (ms: number) => void,
    tokenOf: TokenOf,
  ) {
    this.#browser = browser;
    this.#subject = subject;
    this.#advance = advance;
    this.#tokenOf = tokenOf;
  }

  async run(initial: State, way: readonly Transition[]): Promise<void> {
    this.#workers[0] = await startReplayed(this.#browser, this.#subject);
    let before = initial;
    for (const [count, transition] of way.entries()) {
      await this.#happen(before, transition);
      await settled();
      const difference = await this.#difference(before, transition);
      if (difference !== undefined)
        throw new Error(`event ${String(count + 1)}, ${transition.event}: ${difference}`);
      before = transition.state;
    }
    for (const worker of this.#workers) worker?.end();
  }

  async #happen(before: State, { event, at = 0, state }: Transition): Promise<void> {
    if (event === 'start') {
      this.#workers[at] = await startReplayed(this.#browser, this.#subject);
      return;
    }
    if (event === 'the window ends') this.#advance(windowMs);
    const worker = this.#workers[at];
    if (worker === undefined) return;
    const [gate] = worker.gates;
    if (event === 'a caller asks') worker.ask();
    else if (event === 'an alarm') worker.alarm();
    else if (event === 'the lock' || event === 'a copy is written') gate?.open();
    else if (event === 'the copies fail') await failCopies(worker.gates);
    else if (event === 'the answer') gate?.open(answerOf(before.workers[at]));
    else if (event === 'the answer: not processed' || event === 'no answer') {
      this.#advance(roundMs);
      if (event === 'no answer') gate?.fail(new TypeError('no answer'));
      else gate?.open(new Response('', { status: 503 }));
    } else if (event === 'a kill') {
      worker.end();
      this.#workers[at] = undefined;
    } else await signInOrOut(worker, event, state);
  }

  /** Where the real workers and stores are not as the model says. */
  async #difference(before: State, transition: Transition): Promise<string | undefined> {
    const { state, at = 0, result } = transition;
    const pairs: [string, unknown, unknown][] = [
      ['IndexedDB', await this.#stored('mirror'), entryText(state.mirror)],
      ['storage.local', await this.#stored('local'), entryText(state.local)],
      ['storage.session', this.#access(), state.access],
    ];
    for (const [number, worker] of state.workers.entries()) {
      const gates = this.#workers[number]?.gates ?? [];
      const real = await Promise.all(gates.map((gate) => this.#gateText(gate)));
      pairs.push([`worker ${'AB'[number] ?? ''}`, real.join(', '), expectedGate(worker)]);
    }
    const isAsked = before.workers[at]?.step === 'idle' || before.workers[at]?.above === 0;
    const results = this.#workers[at]?.results.splice(0) ?? [];
    if (result && isAsked) pairs.push(['the caller', resultText(results), expectedResult(result)]);
    const [found] = pairs.filter(([, real, expected]) => real !== expected);
    return found && `${found[0]} has ${String(found[1])}, not ${String(found[2])}`;
  }

  #stored(copy: 'local' | 'mirror'): Promise<string> {
    return this.#sessionText(this.#browser[copy].entries.get(`session:${this.#subject.id}`));
  }

  #access(): number {
    const stored = this.#browser.session.entries.get(`access:${this.#subject.id}`);
    return (stored as StoredAccess | undefined)?.generation ?? 0;
  }

  async #sessionText(raw: unknown): Promise<string> {
    const parsed = parseSession(raw);
    if (!parsed.ok) return entryText(undefined);
    const { generation, journal, status } = parsed.value;
    const token = await this.#tokenOf(parsed.value);
    const opened = journal?.lateAtMs === undefined ? 'open' : 'late';
    const isUsable = status === 'valid';
    const account = parsed.value.account.accountId === own ? 'own' : 'other';
    return entryText({ generation, token, journal: journal ? opened : 'none', isUsable, account });
  }

  async #gateText({ port, content }: Gate): Promise<string> {
    if (port === 'lock') return port;
    if (port === 'fetch') return `fetch ${String(content)}`;
    if (port === 'session') return `session ${String((content as StoredAccess).generation)}`;
    return `${port} ${await this.#sessionText(content)}`;
  }
}

/** Both copies fail; then the mirror gets what it had before. */
async function failCopies(gates: readonly Gate[]): Promise<void> {
  for (const _copy of ['mirror', 'local']) {
    gates[0]?.fail(new Error('full'));
    await settled();
  }
  gates[0]?.open();
}

function answerOf(worker: Worker | undefined): Response {
  const answer = worker?.attempt?.answer;
  return typeof answer === 'number'
    ? Response.json({
        access_token: `access of ${String(answer)}`,
        refresh_token: String(answer),
        token_type: 'Bearer',
        expires_in: 86_400,
      })
    : Response.json(
        { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
        { status: 403 },
      );
}

async function signInOrOut(
  worker: ReplayedWorker,
  event: Transition['event'],
  { provider }: State,
): Promise<void> {
  if (event === 'the person signs out') await worker.signOut();
  if (event === 'the person signs in') await worker.signIn(own, String(provider.unused[0]));
  if (event === 'another account signs in') await worker.signIn('other', '91');
}

/** The age of a journal is only seen from what it leads to. */
function entryText(entry: Entry | undefined): string {
  if (entry === undefined) return 'nothing';
  const { generation, token, journal, isUsable, account } = entry;
  return [
    `generation ${String(generation)}`,
    `token ${String(token)}`,
    `journal ${journal === 'aged' ? 'open' : journal}`,
    isUsable ? 'usable' : 'to be renewed',
    account,
  ].join(' ');
}

const copyOfStep = (step: Step): string => (step.endsWith('1 of 2') ? 'local' : 'mirror');

function expectedGate({ step, pending, attempt }: Worker): string {
  if (step === 'off' || step === 'idle') return '';
  if (step === 'waiting') return 'lock';
  if (step === 'sent' || step === 'answered') return `fetch ${String(attempt?.token)}`;
  if (step === 'sharing') return `session ${String((attempt?.generation ?? 0) + 1)}`;
  return `${copyOfStep(step)} ${entryText(pending)}`;
}

function resultText(results: readonly (number | string)[]): string {
  const [result] = results;
  if (typeof result === 'number') return `token ${String(result)}`;
  return result === 'consent_required' ? result : `fault${result === undefined ? ' missing' : ''}`;
}

function expectedResult(result: NonNullable<Transition['result']>): string {
  return result.kind === 'token' ? `token ${String(result.generation)}` : result.kind;
}
