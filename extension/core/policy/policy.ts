import type { FieldProblem } from '../values/fault.ts';
import { isGrantee, type Origin } from '../values/origin.ts';
import {
  settingNames,
  settingsProblems,
  type SettingName,
  type Settings,
} from '../values/settings.ts';
import { readPolicyClients, type PolicyClient } from './policy-client.ts';
import { maxPolicyOrigins, readPolicyPages, type PolicyPage } from './policy-page.ts';
import { isRecord, listAt, pointer, type Report } from './policy-value.ts';

/**
 * What an organization sets for all who use its browsers, as `storage.managed` has it. A list that the administrator did not set
 * is empty.
 * @see docs/administrators.md, docs/policy.schema.json
 */
export interface Policy {
  readonly clients: readonly PolicyClient[];
  /** The pages that are connected for everybody; none of them is blocked. */
  readonly pages: ReadonlyMap<Origin, PolicyPage>;
  /** The pages and other extensions that may never be connected. */
  readonly blocked: ReadonlySet<Origin>;
  /** The settings that nobody can change. */
  readonly settings: Readonly<Partial<Settings>>;
  /** The points that each app may use in one hour in this browser. */
  readonly pointsPerHour?: number;
  /** Plain text for _About_. */
  readonly updateText?: string;
}

/** The policy of a browser that no organization manages. */
export const noPolicy: Policy = { clients: [], pages: new Map(), blocked: new Set(), settings: {} };

/** The most points of an hour that a policy can set. */
export const maxPointsPerHour = 10_000_000;
/** The longest text for _About_, in UTF-16 code units. */
export const maxUpdateTextLength = 2000;

/** A policy as far as it is valid, and what is not. */
export interface ReadPolicy {
  readonly policy: Policy;
  /** `field` is the JSON Pointer of the member. @see RFC 6901 */
  readonly problems: readonly FieldProblem[];
}

/** The members that a policy can have. */
export const policyMembers = [
  'clients',
  'connectedPages',
  'blockedOrigins',
  'settings',
  'pointsPerHour',
  'updateText',
] as const;

/**
 * Reads what `storage.managed` has. A member of the policy and an entry of a list with anything that is not valid is reported and
 * not applied; all others are. No entry is applied in part, so that a limit that is misspelt does not allow more.
 */
export function readPolicy(raw: unknown): ReadPolicy {
  if (!isRecord(raw)) return { policy: noPolicy, problems: [{ field: '', problem: 'malformed' }] };
  const problems: FieldProblem[] = [];
  const report: Report = (field, problem) => void problems.push({ field, problem });
  for (const name of Object.keys(raw))
    if (!(policyMembers as readonly string[]).includes(name))
      report(pointer(name), 'unknown_member');
  const given: { readonly [Name in (typeof policyMembers)[number]]?: unknown } = raw;
  const blocked = readBlocked(given.blockedOrigins, report);
  const pointsPerHour = readPoints(given.pointsPerHour, report);
  const updateText = readUpdateText(given.updateText, report);
  const policy = {
    clients: readPolicyClients(given.clients, report),
    pages: readPolicyPages(given.connectedPages, blocked, report),
    blocked,
    settings: readForcedSettings(given.settings, report),
    ...(pointsPerHour === undefined ? {} : { pointsPerHour }),
    ...(updateText === undefined ? {} : { updateText }),
  };
  return { policy, problems };
}

function readBlocked(raw: unknown, report: Report): ReadonlySet<Origin> {
  const blocked = new Set<Origin>();
  for (const [at, one] of listAt(raw, '/blockedOrigins', maxPolicyOrigins, report).entries())
    if (isGrantee(one)) blocked.add(one);
    else report(pointer('blockedOrigins', at), 'origin_invalid');
  return blocked;
}

function readForcedSettings(raw: unknown, report: Report): Partial<Settings> {
  if (raw === undefined) return {};
  if (!isRecord(raw)) {
    report('/settings', 'malformed');
    return {};
  }
  const forced = Object.entries(raw).filter(([name, value]) => {
    const isKnown = settingNames.includes(name as SettingName);
    const [found] = settingsProblems({ [name]: value });
    const problem = isKnown ? found?.problem : 'unknown_member';
    if (problem !== undefined) report(pointer('settings', name), problem);
    return problem === undefined;
  });
  return Object.fromEntries(forced);
}

function readPoints(raw: unknown, report: Report): number | undefined {
  if (raw === undefined) return undefined;
  const points = Number.isInteger(raw) ? Number(raw) : undefined;
  const isInRange = points !== undefined && points >= 1 && points <= maxPointsPerHour;
  if (isInRange) return points;
  report('/pointsPerHour', points === undefined ? 'number_invalid' : 'number_out_of_range');
  return undefined;
}

function readUpdateText(raw: unknown, report: Report): string | undefined {
  if (raw === undefined) return undefined;
  const isText = typeof raw === 'string' && raw.trim() !== '';
  if (isText && raw.length <= maxUpdateTextLength) return raw;
  report('/updateText', isText ? 'text_too_long' : 'malformed');
  return undefined;
}
