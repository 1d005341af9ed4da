import type { System, SystemParts } from '../state/system.ts';
import { openIssuer, type Issuer } from './issuer.ts';

/** Two issuers, so that answers of one can be mistaken for answers of the other. */
export interface GenericProviders {
  /** https://issuer-one.example.test */
  readonly first: Issuer;
  /** https://issuer-two.example.test */
  readonly second: Issuer;
}

/** Two issuers without clients. */
export function openGeneric(parts: SystemParts): { system: System; value: GenericProviders } {
  const first = openIssuer(parts, 'issuer-one.example.test');
  const second = openIssuer(parts, 'issuer-two.example.test');
  const of = (host: string) => (first.system.hosts.includes(host) ? first : second).system;
  const system: System = {
    hosts: [...first.system.hosts, ...second.system.hosts],
    nameOf: (incoming) => of(incoming.host).nameOf(incoming),
    kindOf: (incoming) => of(incoming.host).kindOf(incoming),
    answer: (incoming) => of(incoming.host).answer(incoming),
    close: async () => {
      await first.system.close?.();
      await second.system.close?.();
    },
  };
  return { system, value: { first: first.value, second: second.value } };
}
