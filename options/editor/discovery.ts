import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { clientAuthenticationOf, type ClientDraft } from '#core/client/client-configuration.ts';
import { discoveredServer, type DiscoveredServer } from '#core/protocol/discovered-server.ts';
import type { DiscoveryProblem } from '#core/protocol/discovery-result.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';

/** The form that a discovery fills in. */
export interface DiscoveryForm {
  readonly draft: ReadonlySignal<ClientDraft>;
  readonly set: (part: Partial<ClientDraft>) => void;
}

/** State and actions of reading a provider's metadata from its issuer URL. */
export interface Discovery {
  /** The issuer URL as typed; until then undefined, and the issuer of the form is used. */
  readonly typed: ReadonlySignal<string | undefined>;
  readonly type: (issuer: string) => void;
  readonly isRunning: ReadonlySignal<boolean>;
  /** Why the metadata cannot be used. */
  readonly problem: ReadonlySignal<DiscoveryProblem | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** The metadata that was filled in last. */
  readonly found: ReadonlySignal<DiscoveredServer | undefined>;
  /** Requests the host permission, then the metadata. */
  readonly run: () => Promise<void>;
}

/** A response that arrives after the issuer was changed is dropped. */
export function createDiscovery(ports: HostPermissionPorts, form: DiscoveryForm): Discovery {
  const typed = signal<string | undefined>(undefined);
  const isRunning = signal(false);
  const problem = signal<DiscoveryProblem | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  const found = signal<DiscoveredServer | undefined>(undefined);
  const issuerOf = (): string => (typed.value ?? form.draft.value.issuer ?? '').trim();

  function forget(): void {
    problem.value = undefined;
    fault.value = undefined;
    found.value = undefined;
  }

  async function load(issuer: string, permission: Promise<unknown> | undefined): Promise<void> {
    const { type, isHttpAllowed } = form.draft.value;
    const isCurrent = (): boolean => issuer === issuerOf() && type === form.draft.value.type;
    isRunning.value = true;
    try {
      await permission;
      const body = { issuer, ...(isHttpAllowed === true ? { isHttpAllowed } : {}) };
      const reply = await ports.send('client.discover', body);
      if (!isCurrent()) return;
      const answer =
        'problem' in reply ? reply : discoveredServer(reply.metadata, isHttpAllowed === true);
      if ('problem' in answer) problem.value = answer.problem;
      else {
        form.set(membersOf(answer.server, form.draft.value));
        found.value = answer.server;
      }
    } catch (thrown) {
      if (isCurrent()) fault.value = toFault(thrown);
    } finally {
      isRunning.value = false;
    }
  }

  return {
    typed,
    type: (issuer) => {
      batch(() => {
        typed.value = issuer;
        forget();
      });
    },
    isRunning,
    problem,
    fault,
    found,
    run: async () => {
      if (isRunning.value) return;
      const issuer = issuerOf();
      const origin = originOf(issuer);
      const isHttp = origin?.startsWith('http:') === true;
      const isRefused = isHttp && form.draft.value.isHttpAllowed !== true;
      // Before any `await`: the browser accepts the request only within the click.
      const permission =
        origin === undefined || isRefused
          ? undefined
          : ports.requestHostPatterns([ports.hostPattern(origin)]).catch(() => false);
      forget();
      // No permission is requested for an issuer that is refused anyway.
      if (isRefused) problem.value = 'issuer_not_https';
      else await load(issuer, permission);
    },
  };
}

function originOf(issuer: string): Origin | undefined {
  const isWeb = /^https?:\/\//iu.test(issuer) && URL.canParse(issuer);
  return isWeb ? (new URL(issuer).origin as Origin) : undefined;
}

/** The members that the metadata changes; a chosen authentication is kept if it is supported, and so are chosen scopes. */
function membersOf(server: DiscoveredServer, draft: ClientDraft): Partial<ClientDraft> {
  const { issuer, authorizationEndpoint, tokenEndpoint, isIssuerInResponses } = server;
  const { revocationEndpoint = '', userinfoEndpoint = '', scopes } = server;
  const methods = server.clientAuthenticationMethods;
  const [first] = methods;
  const isChoiceKept = first === undefined || methods.includes(clientAuthenticationOf(draft));
  return {
    issuer,
    authorizationEndpoint,
    tokenEndpoint,
    isIssuerInResponses,
    revocationEndpoint,
    userinfoEndpoint,
    ...(isChoiceKept ? {} : { clientAuthentication: first }),
    ...(draft.scopes.length === 0 ? { scopes } : {}),
  };
}
