import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  clientAuthenticationOf,
  type ClientDraft,
} from '../../extension/core/client/client-configuration.ts';
import type {
  DiscoveredServer,
  DiscoveryProblem,
} from '../../extension/core/protocol/discovery-result.ts';
import { toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { Send } from '../../extension/wire/send.ts';

/** What asking a provider about itself needs of the world. */
export interface DiscoveryPorts {
  readonly send: Send;
  readonly hostPattern: (origin: Origin) => string;
  /** Asks the person for host access. Only works as the first call of a click. */
  readonly requestHostPatterns: (patterns: readonly string[]) => Promise<boolean>;
}

/** The form that is filled in. */
export interface DiscoveryForm {
  readonly draft: ReadonlySignal<ClientDraft>;
  readonly set: (part: Partial<ClientDraft>) => void;
}

/** The way from an issuer to its endpoints. */
export interface Discovery {
  /** The issuer as typed; undefined until then, and the issuer of the form stands for it. */
  readonly typed: ReadonlySignal<string | undefined>;
  readonly type: (issuer: string) => void;
  readonly isAsking: ReadonlySignal<boolean>;
  /** Why the issuer told nothing of use. */
  readonly problem: ReadonlySignal<DiscoveryProblem | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** What was filled in last. */
  readonly found: ReadonlySignal<DiscoveredServer | undefined>;
  /** Asks; the first thing it does is to ask the person for the host. */
  readonly run: () => Promise<void>;
}

/** See {@link Discovery}. An answer that comes after the issuer was changed is dropped. */
export function createDiscovery(ports: DiscoveryPorts, form: DiscoveryForm): Discovery {
  const typed = signal<string | undefined>(undefined);
  const isAsking = signal(false);
  const problem = signal<DiscoveryProblem | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  const found = signal<DiscoveredServer | undefined>(undefined);
  const issuerOf = (): string => (typed.value ?? form.draft.value.issuer ?? '').trim();

  function forget(): void {
    problem.value = undefined;
    fault.value = undefined;
    found.value = undefined;
  }

  function ask(issuer: string, asked: Promise<unknown> | undefined): Promise<void> {
    const { type, isHttpAllowed } = form.draft.value;
    const isCurrent = (): boolean => issuer === issuerOf() && type === form.draft.value.type;
    return whileOn(isAsking, async () => {
      try {
        await asked;
        const body = { issuer, ...(isHttpAllowed === true ? { isHttpAllowed } : {}) };
        const answer = await ports.send('client.discover', body);
        if (!isCurrent()) return;
        if ('problem' in answer) problem.value = answer.problem;
        else {
          form.set(membersOf(answer.server, form.draft.value));
          found.value = answer.server;
        }
      } catch (thrown) {
        if (isCurrent()) fault.value = toFault(thrown);
      }
    });
  }

  return {
    typed,
    type: (issuer) => {
      batch(() => {
        typed.value = issuer;
        forget();
      });
    },
    isAsking,
    problem,
    fault,
    found,
    run: async () => {
      if (isAsking.value) return;
      const issuer = issuerOf();
      const origin = originOf(issuer);
      const isHttp = origin?.startsWith('http:') === true;
      const isRefused = isHttp && form.draft.value.isHttpAllowed !== true;
      // Before anything else: the browser takes this for the person's own act only within the click.
      const asked =
        origin === undefined || isRefused
          ? undefined
          : ports.requestHostPatterns([ports.hostPattern(origin)]).catch(() => false);
      forget();
      // The host of an address that is not asked anyway is not worth a question.
      if (isRefused) problem.value = 'issuer_not_https';
      else await ask(issuer, asked);
    },
  };
}

async function whileOn(flag: Signal<boolean>, work: () => Promise<void>): Promise<void> {
  flag.value = true;
  await work();
  flag.value = false;
}

function originOf(issuer: string): Origin | undefined {
  const isWeb = /^https?:\/\//iu.test(issuer) && URL.canParse(issuer);
  return isWeb ? (new URL(issuer).origin as Origin) : undefined;
}

/** What the form takes of a server: all its addresses, and what the person chose already as far as the server has it. */
function membersOf(server: DiscoveredServer, draft: ClientDraft): Partial<ClientDraft> {
  const { issuer, authorizationEndpoint, tokenEndpoint, isIssuerInResponses } = server;
  const { revocationEndpoint = '', userinfoEndpoint = '', scopes } = server;
  const methods = server.clientAuthenticationMethods;
  const [first] = methods;
  const isChoiceKept = first === undefined || methods.includes(clientAuthenticationOf(draft));
  return {
    ...{ issuer, authorizationEndpoint, tokenEndpoint, isIssuerInResponses },
    ...{ revocationEndpoint, userinfoEndpoint },
    ...(isChoiceKept ? {} : { clientAuthentication: first }),
    ...(draft.scopes.length === 0 ? { scopes } : {}),
  };
}
