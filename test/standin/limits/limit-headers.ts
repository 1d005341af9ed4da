import type { Answer } from '../http/answer.ts';
import type { Quota, Standing } from './limits.ts';

type Headers = Readonly<Record<string, string>>;
const HOUR_MS = 3_600_000;
/** How far `t` is from the truth once the points are used up: 2788 was seen where 2000 was right. */
const WRONG_BY_SECONDS = 788;

const secondsIn = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** What a 429 says of the limit that it comes from. */
export function refusalHeaders({ quota, burst, refusal }: Standing, nowMs: number): Headers {
  if (refusal === undefined) return {};
  const { reason, waitMs } = refusal;
  const common = { 'retry-after': String(secondsIn(waitMs)), 'ratelimit-reason': reason };
  switch (reason) {
    case 'jira-burst-based': {
      return {
        ...common,
        ...burstHeaders({ most: burst.most, remaining: 0 }),
        'x-ratelimit-reset': minuteOf(nowMs + waitMs),
      };
    }
    case 'jira-per-issue-on-write':
      return common;
    default:
      // The reset that was seen with it was the hour's begin.
      return {
        ...common,
        ...quotaHeaders(quota),
        'x-beta-ratelimit-reason': reason,
        'x-beta-ratelimit-reset': minuteOf(Math.floor(nowMs / HOUR_MS) * HOUR_MS),
      };
  }
}

/** What every response says of the limit of its endpoint. */
export function burstHeaders({ most, remaining }: Standing['burst']): Headers {
  return {
    'x-ratelimit-limit': String(most),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-nearlimit': String(remaining < most / 5),
  };
}

/** What every response says of the hour's points: how many are left only when it is less than a fifth. */
export function quotaHeaders({ name, points, used, leftMs }: Quota): Headers {
  const left = Math.max(0, points - used);
  const policy = { 'beta-ratelimit-policy': `"${name}";q=${points};w=3600` };
  if (left >= points / 5) return policy;
  const seconds = secondsIn(leftMs) + (left === 0 ? WRONG_BY_SECONDS : 0);
  return {
    ...(left === 0 ? {} : policy),
    'beta-ratelimit': `"${name}";r=${left};t=${seconds}`,
    'x-beta-ratelimit-nearlimit': 'true',
  };
}

/** An answer with further headers. */
export function withHeaders(answer: Answer, headers: Headers): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** ISO 8601 with the precision of a minute, rounded down. */
function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
