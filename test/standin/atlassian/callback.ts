import { redirect, type Answer } from '../http/answer.ts';
import type { ConsentRequest, World } from '../state/world.ts';

type Target = Pick<ConsentRequest, 'redirectUri' | 'state'>;

/** Sends the browser back with a code for the sites that were ticked. */
export function callbackGranted(
  world: World,
  request: ConsentRequest,
  cloudIds: readonly string[],
): Answer {
  const { app, accountId, redirectUri, scopes, codeChallenge, hasResource } = request;
  const { tamper } = world.settings.authorize;
  const mine = world.accounts.get(accountId).sites;
  const code = world.codes.issue({
    clientId: app.clientId,
    accountId,
    redirectUri,
    scopes,
    cloudIds: cloudIds.filter((cloudId) => mine.includes(cloudId)),
    codeChallenge,
    hasResource,
  });
  return back(world, request, tamper.dropCode ? [] : [['code', code]]);
}

/** Sends the browser back with an error (RFC 6749 §4.1.2.1). */
export function callbackError(
  world: World,
  target: Target,
  error: string,
  description: string,
): Answer {
  return back(world, target, [
    ['error', error],
    ['error_description', description],
  ]);
}

function back(world: World, target: Target, parameters: [string, string][]): Answer {
  const { tamper } = world.settings.authorize;
  noteState(world, target.state);
  const url = new URL(target.redirectUri);
  if (tamper.extraPath !== undefined) url.pathname += tamper.extraPath;
  parameters.forEach(([name, value]) => url.searchParams.append(name, value));
  if (target.state !== null && !tamper.missingState) {
    const state = tamper.wrongState ? `${target.state}-wrong` : target.state;
    url.searchParams.append('state', state);
    if (tamper.duplicateState) url.searchParams.append('state', state);
  }
  if (tamper.wrongIss) url.searchParams.append('iss', 'https://evil.example');
  return redirect(302, url.href);
}

/** Noted where the flow ends: a login in between shows the same request to authorize twice. */
function noteState(world: World, state: string | null): void {
  const atMs = world.clock.nowMs();
  const { stateFaults } = world.auditor;
  if (!state) stateFaults.push({ atMs, reason: 'missing' });
  else if (world.seenStates.has(state)) stateFaults.push({ atMs, reason: 'repeated' });
  else world.seenStates.add(state);
}
