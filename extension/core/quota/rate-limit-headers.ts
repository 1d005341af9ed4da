import { readRetryAfterMs } from '../protocol/retry-after.ts';

/** The headers of a response. */
export interface ResponseFields {
  get(name: string): string | null;
}

/** What a response says that was refused because of a limit. */
export interface ReachedLimit {
  /** The header `RateLimit-Reason`, in lower case. */
  readonly reason: string | undefined;
  /** How long no further call is to be sent, in milliseconds, above 0; undefined when the response does not say. */
  readonly waitMs: number | undefined;
}

/** A longer wait, in milliseconds, is a mistake of the server. */
const longestWaitMs = 24 * 3_600_000;

/**
 * The limit that a response reports; undefined when it reports none: 429, and 503 with a reason.
 * @see Atlassian, "Rate limiting": `Retry-After` is in seconds and may be missing
 */
export function readLimit(
  status: number,
  fields: ResponseFields,
  nowMs: number,
): ReachedLimit | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const reason = fields.get('ratelimit-reason')?.trim().toLowerCase();
  if (status === 503 && reason === undefined) return undefined;
  return { reason: reason === '' ? undefined : reason, waitMs: readWaitMs(fields, nowMs) };
}

const retryAfterNames = ['retry-after', 'beta-retry-after', 'x-retry-after', 'x-beta-retry-after'];
const resetNames = ['x-ratelimit-reset', 'beta-ratelimit-reset', 'x-beta-ratelimit-reset'];

function readWaitMs(fields: ResponseFields, nowMs: number): number | undefined {
  for (const name of retryAfterNames) {
    const text = fields.get(name);
    // A time so far away that it was shortened is a mistake too.
    if (text !== null && isTooFar(text, nowMs)) continue;
    const waitMs = readRetryAfterMs(text, nowMs);
    if (waitMs !== undefined && waitMs > 0) return waitMs;
  }
  for (const name of resetNames) {
    const waitMs = readResetMs(fields.get(name), nowMs);
    if (waitMs !== undefined && waitMs > 0 && waitMs <= longestWaitMs) return waitMs;
  }
  return undefined;
}

function isTooFar(text: string, nowMs: number): boolean {
  const seconds = Number(text);
  const waitMs = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * 1000;
  return waitMs > longestWaitMs;
}

/** From this number on it is a time in epoch seconds. */
const firstEpochSecond = 1_000_000_000;

/** A reset time is ISO 8601 without seconds at Atlassian, and a number of seconds or a time in epoch seconds elsewhere. */
function readResetMs(text: string | null, nowMs: number): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) return numberOrNone(Date.parse(text.trim()) - nowMs);
  return number >= firstEpochSecond ? number * 1000 - nowMs : number * 1000;
}

/** What a response announces of the points of an hour. */
export interface AnnouncedQuota {
  /** Whether the points are those of the app at one tenant, and not of the app everywhere. */
  readonly isOfTenant: boolean;
  readonly quota?: number;
  /** Absent when far more than the scarce part is left. */
  readonly remaining?: number;
}

/** Without `Beta-` where the limit is enforced. A response may have both: one for an enforced limit, one for another. */
const policyNames = ['ratelimit-policy', 'beta-ratelimit-policy', 'x-beta-ratelimit-policy'];
const stateNames = ['ratelimit', 'beta-ratelimit', 'x-beta-ratelimit'];

/**
 * The quotas that a response announces; empty for almost all responses. Parsed leniently: the policy is missing when no
 * points are left. Other limits are announced in the same headers (`"jira-burst-based";q=100;w=1`), and no quota by
 * `X-RateLimit-Remaining` or `X-Beta-RateLimit-Remaining`, which are those of the burst limit.
 * @see Atlassian, "Rate limiting", "Beta headers"
 */
export function readAnnounced(fields: ResponseFields): readonly AnnouncedQuota[] {
  const items = [...policyNames, ...stateNames].flatMap((name) => itemsOf(fields.get(name)));
  if (items.length === 0) return [];
  const named = new Map<string, AnnouncedQuota>();
  const others = new Set<string>();
  for (const item of items) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const windowSeconds = parameterOf(parameters, 'w');
    if (windowSeconds !== undefined && windowSeconds !== 3600) others.add(name);
    if (others.has(name) || !name.includes('quota')) continue;
    named.set(name, {
      ...named.get(name),
      isOfTenant: name.includes('tenant'),
      ...member('quota', parameterOf(parameters, 'q')),
      ...member('remaining', parameterOf(parameters, 'r')),
    });
  }
  return [...named.values()];
}

function itemsOf(list: string | null): string[] {
  return list === null ? [] : list.split(',').filter((item) => item.trim() !== '');
}

function parameterOf(parameters: readonly string[], name: string): number | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
  return found === undefined ? undefined : numberIn(found.slice(2).replaceAll('"', ''));
}

function numberIn(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,12}(?:\.\d+)?$/u.test(trimmed) ? Number(trimmed) : undefined;
}

function numberOrNone(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function member<K extends string>(name: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, number>);
}
