import { beforeEach } from 'vitest';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { SessionView } from '../../extension/wire/views.ts';
import { aDraft, dashboard, runFlow, type Harness } from '../support/harness.ts';
import { harness, revive, standin, useBackground } from './use-session.ts';

const { clientId, clientSecret = '' } = aDraft();

/** The client of the policy. */
export const policyClient = {
  id: 'acme',
  name: 'Acme for everybody',
  type: 'atlassian-cloud',
  clientId,
  clientSecret,
};
/** The page of the policy. */
export const policyPage = { origin: dashboard, sites: ['https://acme.atlassian.net'] };
export const wholePolicy = { clients: [policyClient], connectedPages: [policyPage] };
export const blockedOrigin = 'https://blocked.example' as Origin;

/** Starts a background over a browser without a policy and with a clock that stands still, and the app of {@link policyClient}. */
export function usePolicy(): void {
  useBackground();
  beforeEach(async () => {
    const { redirectUri } = await harness.ui('client.redirect-uri', {
      authorizationEndpoint: aDraft().authorizationEndpoint,
    });
    standin.apps.add({ clientId, clientSecret, callbackUrls: [redirectUri], name: 'Acme' });
  });
}

/** The administrator sets a policy, and the browser reports it. */
export async function setPolicy(policy: Record<string, unknown>): Promise<void> {
  harness.world.policy = policy;
  await harness.background.policy.refresh();
  await harness.background.grants.followPermissions();
}

/** The policy stays empty for the minute after which it counts as withdrawn. */
export async function withdraw(): Promise<void> {
  await setPolicy({});
  standin.clock.advance(60_000);
  await harness.background.policy.refresh();
  await harness.background.grants.followPermissions();
}

/** The browser closes, and opens with or without a policy that it reports at once. */
export async function restartBrowser(policy: Record<string, unknown> = {}): Promise<void> {
  harness.world.session.entries.clear();
  harness.world.policy = policy;
  await revive();
  await harness.background.policy.refresh();
}

/** Signs in with the only client. */
export async function signIn({ ui }: Pick<Harness, 'ui'> = harness): Promise<SessionView> {
  const [client] = (await ui('overview.get', {})).clients;
  if (client === undefined) throw new Error('no client');
  const { sessionId, fault } = await runFlow({ ui }, client);
  const session = (await ui('session.list', {})).find(({ id }) => id === sessionId);
  if (session === undefined) throw new Error(fault?.code ?? 'no session');
  return session;
}

/** The person allows what the policy needs, in one prompt. */
export async function allowPolicyHosts(): Promise<readonly string[]> {
  const { missingPolicyPatterns } = await harness.ui('overview.get', {});
  for (const pattern of missingPolicyPatterns) harness.world.hosts.add(pattern);
  await harness.background.grants.settlePending();
  return missingPolicyPatterns;
}
