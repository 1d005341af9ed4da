import type { Product } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import {
  burstHeaders,
  quotaHeaders,
  refusalHeaders,
  withHeaders,
} from '../limits/limit-headers.ts';
import type { Counted } from '../limits/limits.ts';
import { confluenceError, jiraError } from '../state/gateway-errors.ts';
import type { World } from '../state/world.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The answer of an endpoint, or the 429 of a limit. One point for the request, and one for each object that it read. */
export async function limited(
  { limits, clock }: World,
  counted: Counted,
  product: Product,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (!limits.isEnforced) return answer();
  const standing = limits.admit(counted);
  if (standing.refusal !== undefined) {
    return withHeaders(tooMany(product), refusalHeaders(standing, clock.nowMs()));
  }
  const own = await answer();
  const quota = limits.charge(counted, 1 + (own.objects ?? 0));
  return withHeaders(own, { ...burstHeaders(standing.burst), ...quotaHeaders(quota) });
}

function tooMany(product: Product): Answer {
  const message = 'Rate limit exceeded.';
  return product === 'jira' ? jiraError(429, [message]) : confluenceError(429, message);
}

/** The issue that a request writes to, by its id: its key and its id are one issue. */
export function writtenIssue(
  { content }: World,
  cloudId: string,
  method: string,
  path: string,
): string | undefined {
  const [, named] = /^\/rest\/api\/[23]\/issue\/([^/]+)/.exec(path) ?? [];
  if (named === undefined || READING.has(method)) return undefined;
  const issue = content.issues.find(
    ({ cloudId: at, key, id }) => at === cloudId && (key === named || id === named),
  );
  return `${cloudId} ${issue?.id ?? named}`;
}
