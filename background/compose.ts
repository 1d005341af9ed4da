import { requestHosts, requiredOrigins } from '#core/client/client-endpoints.ts';
import type { SessionId } from '#core/session/session.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import { createAccounts, type Accounts, type Repositories } from './accounts.ts';
import { questionRecorder } from './activity/question-recorder.ts';
import type { ActivityLog } from './activity/activity-log.ts';
import { createActivity, createRecorders } from './activity/recorders.ts';
import { createCallsInFlight, type CallsInFlight } from './calls/calls-in-flight.ts';
import { createFirstRun, type FirstRun } from './clients/first-run.ts';
import { createHandlers } from './commands/handlers.ts';
import { applyPolicy } from './apply-policy.ts';
import { composeCalls } from './compose-calls.ts';
import { openStored, readAhead, type Stored } from './compose-stored.ts';
import { createShown } from './compose-shown.ts';
import { eraseEverything, isErasing } from './erase/erase.ts';
import { createEraser } from './erase/eraser.ts';
import { createGate, type Gate } from './erase/gate.ts';
import { createDenials } from './grants/denials.ts';
import { createGrants, type Grants } from './grants/grants.ts';
import { createPageAccess } from './grants/page-access.ts';
import { createQuestions, type Questions } from './grants/questions.ts';
import { createOtherExtensions, type OtherExtensions } from './messages/other-extensions.ts';
import type { Recipient } from './messages/router.ts';
import type { World } from './platform/world.ts';
import type { PolicyStore } from './policy/policy-store.ts';
import { createDiscover } from './provider/discovery.ts';
import { reencryptOldSecrets } from './secrets/reencrypt-old-secrets.ts';
import { removeSitesWithoutSession } from './sessions/sites-apart.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import type { SettingsStore } from './storage/settings-store.ts';
import { createConsentAlerts, type ConsentAlerts } from './upkeep/consent-alerts.ts';
import { createTransfer } from './transfer/transfer.ts';
import { createTabMarks } from './upkeep/tab-marks.ts';
import { createUpkeep, type Upkeep } from './upkeep/upkeep.ts';

/** The services that the browser's events call. */
export interface Background extends Recipient {
  readonly grants: Grants;
  readonly questions: Questions;
  readonly signIn: SignIn;
  readonly upkeep: Upkeep;
  readonly consentAlerts: ConsentAlerts;
  readonly firstRun: FirstRun;
  readonly policy: Pick<PolicyStore, 'refresh'>;
}

/**
 * Creates the services, connects them, and does the work of each start. Rejects when the storage cannot be read, or when it
 * holds one refresh token in two sessions and one of them cannot be removed; then every command fails with that fault, and
 * nothing is sent. Storage that takes no writes, e.g. because the disk is full, does not prevent a start.
 */
export async function compose(outside: World): Promise<Background> {
  const gate = createGate(outside);
  try {
    return await composeServices(gate, outside);
  } catch (thrown) {
    if (!(await isErasing(outside))) throw thrown;
    gate.close();
    await eraseEverything(outside);
    return await compose(outside);
  }
}

async function composeServices(gate: Gate, outside: World): Promise<Background> {
  const { world } = gate;
  const stored = await openStored(world);
  const { vault, governor, avatars, store, repositories, policy, settings } = stored;
  const accounts = createAccounts(world, vault, repositories, settings.current);
  const { clients, sessions, signIn } = accounts;
  const lasting = {
    browserSession: stored.browserSession,
    mayLast: () => settings.current().lastingGrants,
  };
  const otherExtensions = createOtherExtensions(() => settings.current().otherExtensions);
  const grants = await createGrants({
    repository: repositories.grants,
    vault,
    clientOrigins: () => clients.list().flatMap(requiredOrigins),
    accountOf: (id) => sessions.identifiedOrFail(id).account,
    ...lasting,
    extensions: otherExtensions,
    policy: stored.policyGrants,
    world,
  });
  const permissionsChecked = readAhead(() => grants.checkPermissions());
  const denials = createDenials({ area: world.local, raw: store.denials, nowMs: world.nowMs });
  const known = {
    hasSession: (id: SessionId) => repositories.sessions.get(id) !== undefined,
    hasGrant: (origin: Origin) => grants.find(origin) !== undefined,
  };
  const activity = createActivity(settings, known, world);
  const usesLoaded = activity.load().catch(untilNextStart);
  const questions = createQuestions(denials, questionRecorder(activity, world), world);
  const pageAccess = createPageAccess({ questions, denials, grants, ...lasting, world });
  const callsInFlight = createCallsInFlight(world);
  const upkeep = createUpkeep({
    ...accounts,
    sessions: repositories.sessions,
    remove: (ids) => sessions.remove(ids),
    pruneDenials: () => denials.prune(),
    settings: settings.current,
    furtherWork: activity.upkeep,
    world,
  });
  const recorders = createRecorders(activity, { ...grants, list: grants.own }, world);
  const calls = composeCalls({
    ...accounts,
    ...recorders,
    onFirstUse: () => void upkeep.plan(),
    grants,
    callsInFlight,
    governor,
    chooseSite: pageAccess.chooseSite,
    world,
  });
  const sources = { grants, denials, avatars, settings, store, activity, policy, world };
  const shown = createShown(sources, repositories, accounts);
  settings.onChanged(() => void upkeep.plan());
  const granted = { grants, questions, callsInFlight, settings, otherExtensions };
  const documentLeft = connectGrants(granted);
  connectSessions(repositories, accounts, { grants, callsInFlight, activity, world });
  keepRequestRules(repositories, world);
  await Promise.all([stored.loaded, usesLoaded]);
  await startUp(stored, accounts, grants, world);
  await permissionsChecked;
  const consentAlerts = startConsentAlerts(repositories, clients, settings, world);
  const pages = { ...granted, pageAccess, ...calls, governor, ...recorders };
  const discover = createDiscover(world);
  const tabMarks = createTabMarks({ grants, world });
  const transfer = createTransfer({ ...accounts, ...stored, grants, denials, world });
  const erase = eraserOf(gate, outside, accounts, granted);
  const services = { ...accounts, ...pages, discover, ...shown, store, tabMarks, erase, transfer };
  const handlers = createHandlers(services);
  const applied = applyPolicy({ policy, settings, grants, clients, world });
  const firstRun = createFirstRun({ clients, policySettled: applied.settled, world });
  const served = { ...granted, handlers, documentLeft, signIn, upkeep, consentAlerts };
  return { ...served, firstRun, policy: applied };
}

function startConsentAlerts(
  { clients: repository, sessions }: Repositories,
  clients: Accounts['clients'],
  settings: SettingsStore,
  world: World,
): ConsentAlerts {
  const isNotifying = (): boolean => settings.current().notifications;
  const consentAlerts = createConsentAlerts({ sessions, clients, isNotifying, world });
  repository.onChanged(() => void consentAlerts.update());
  settings.onChanged(() => void consentAlerts.update());
  void consentAlerts.update();
  return consentAlerts;
}

/** What happens to sessions and grants when clients or sessions change. */
function connectSessions(
  repositories: Repositories,
  { clients, sessions }: Accounts,
  {
    grants,
    callsInFlight,
    activity,
    world,
  }: Pick<GrantedWork, 'grants' | 'callsInFlight'> & {
    readonly activity: ActivityLog;
    readonly world: Pick<World, 'notifyExtensionPages'>;
  },
): void {
  clients.onSessionsInvalid((client) => {
    const invalid = sessions.ofClient(client.id).map(({ id }) => id);
    return sessions
      .signOut(invalid, client)
      .then(() => grants.removeAwaited(client.id))
      .catch((thrown: unknown) => {
        // After an edit, the sessions have ended although the sign-out failed.
        world.notifyExtensionPages();
        throw thrown;
      });
  });
  // Calls of pages end with their grants; after that, those of the console, which has none that is stored.
  sessions.onRemoved((ids) => {
    activity.partyEnded();
    return grants.removeSessions((id) => ids.includes(id)).finally(callsInFlight.abortForbidden);
  });
  grants.onEnded(activity.partyEnded);
  repositories.sessions.onReplaced((before, after) => {
    if (!before.isIdentified || before.account !== after.account)
      void grants.signedIn([after]).catch(untilNextStart);
    const seenByPages = ['status', 'sites', 'account'] as const;
    if (seenByPages.every((member) => before[member] === after[member])) return;
    callsInFlight.abortForbidden();
    void grants.notifyPagesOf(after.id);
  });
}

interface GrantedWork {
  readonly grants: Grants;
  readonly questions: Questions;
  readonly callsInFlight: CallsInFlight;
  readonly settings: SettingsStore;
  readonly otherExtensions: OtherExtensions;
}

/**
 * Ends calls and questions with what allows them: a grant, or the setting for other extensions, whose grants stay when it is
 * turned off.
 * @returns what ends those of a document that has left
 */
function connectGrants(work: GrantedWork): Recipient['documentLeft'] {
  const { grants, questions, callsInFlight, settings, otherExtensions } = work;
  const end = endWork(work);
  grants.onEnded(end);
  grants.onSuspended(end);
  grants.onChanged(callsInFlight.abortForbidden);
  settings.onChanged((after, before) => {
    if (after.otherExtensions || !before.otherExtensions) return;
    const known = [...grants.list(), ...questions.list()].map(({ origin }) => origin);
    for (const origin of new Set(known.filter(isExtension))) end(origin);
    otherExtensions.closePorts();
  });
  return (document) => {
    callsInFlight.abortDocument(document);
    questions.documentLeft(document.documentId);
  };
}

function eraserOf(
  { close }: Gate,
  outside: World,
  { sessions, signIn }: Accounts,
  work: GrantedWork,
): () => Promise<void> {
  return createEraser({
    revokeAll: () => sessions.revokeAll(),
    cancelSignIn: () => signIn.cancel(),
    origins: () => work.grants.list().map(({ origin }) => origin),
    stopServing: () => {
      work.grants.stop();
    },
    end: endWork(work),
    close,
    world: outside,
  });
}

/** What ends the calls and the questions of an origin. */
function endWork({ questions, callsInFlight }: GrantedWork): (origin: Origin) => void {
  return (origin) => {
    // First: the abort of its calls is not the reason for which a question ends.
    questions.withdraw(origin);
    callsInFlight.abortOrigin(origin);
  };
}

/** Installs the request rules now, and again after every change of the clients. The rules end with the browser session. */
function keepRequestRules({ clients }: Repositories, world: World): void {
  const install = (): void =>
    void world.installRequestRules(requestHosts(clients.list())).catch(() => undefined);
  clients.onChanged(install);
  install();
}

/** Completes or undoes what an earlier worker left unfinished. */
async function startUp(
  { store, repositories, sealsRevision }: Stored,
  { clients, clientSecrets, secrets, sessions, signIn, tokens }: Accounts,
  grants: Grants,
  { keyStore }: World,
): Promise<void> {
  await reencryptOldSecrets({
    clients: repositories.clients,
    sessions: repositories.sessions,
    clientSecrets,
    secrets,
    bindOldGrants: () => grants.bindOld(),
    store,
    keyStore,
    lowestRevision: sealsRevision,
  });
  await grants.removeEnded();
  await clients.checkSecrets();
  await sessions.checkTokens().catch(untilNextStart);
  await sessions.removeDuplicates((id) =>
    grants.list().some(({ sites }) => sites.some(({ sessionId }) => sessionId === id)),
  );
  await removeSitesWithoutSession(repositories.sessions, store).catch(untilNextStart);
  // The worker may have stopped after it removed a session and before it removed the session from the grants.
  const isGone = (id: SessionId): boolean => repositories.sessions.get(id) === undefined;
  await grants.removeSessions(isGone).catch(untilNextStart);
  // The worker may have stopped after a sign-in that a grant waits for.
  await grants.signedIn(repositories.sessions.list()).catch(untilNextStart);
  await signIn.recover().catch(untilNextStart);
  tokens.resume();
  void sessions.readMissing();
}

/** Ignores the failure of a step that the next start repeats, and that changes nothing that is still allowed. */
function untilNextStart(): void {
  // Until then a session whose token cannot be decrypted, or a site without a session, serves no call.
}
