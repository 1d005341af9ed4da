import type { Standin } from '../../standin/standin.ts';
import type { Canary } from './canary-search.ts';

/** Every secret that was in play so far: what was typed, what Atlassian gave out, what the extension made up for its sign-ins. */
export function secretsOf({ issued, log }: Standin, clientSecret: string): Canary[] {
  const verifiers = log
    .requests({ path: '/oauth/token', method: 'POST' })
    .flatMap(({ bodyText }, at) => {
      const verifier = /code_verifier\W+([\w.~-]{43,})/u.exec(bodyText)?.[1];
      return verifier === undefined ? [] : [{ label: `verifier ${at}`, text: verifier }];
    });
  const states = log
    .requests({ path: '/authorize', method: 'GET' })
    .map(({ query }, at) => ({ label: `state ${at}`, text: query.get('state') ?? '' }));
  return [
    { label: 'client secret', text: clientSecret },
    ...issued.map(({ kind, canary }, at) => ({ label: `${kind} ${at}`, text: canary })),
    ...verifiers,
    ...states,
  ];
}
