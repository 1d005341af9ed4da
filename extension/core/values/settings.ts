import type { FieldProblem, FieldProblemName } from './fault.ts';

/**
 * What the person sees and allows; then how sessions are kept: the system properties of Data Center's OAuth 2.0 client (in
 * parentheses below), with the same defaults, and Atlassian Cloud's retry window.
 * @see Atlassian, "OAuth 2.0 client" (system properties `atlassian.oauth2.client.…`)
 */
export interface Settings {
  /** Whether a notification is shown when a session needs a new sign-in. The badge shows it in any case. */
  readonly notifications: boolean;
  /** The access that is proposed when a page is connected for the first time. */
  readonly defaultAccess: 'read' | 'write';
  /** Whether calls of pages are recorded for the person to see. Switching it off erases what was recorded. */
  readonly activityLog: boolean;
  /** Whether other extensions are answered. While it is off they cannot tell that Threelo exists. */
  readonly otherExtensions: boolean;
  /** Whether pages can be connected for longer than a browser session. Connections that were made before are kept. */
  readonly lastingGrants: boolean;
  /** Whether clients that use plain http can be saved, signed in with and called. */
  readonly plainHttp: boolean;
  /** Assumed lifetime of a refresh token whose provider names none, in days (`default.refresh.token.duration.days`). */
  readonly refreshTokenDurationDays: number;
  /** An access token without a refresh token is flagged when it lives shorter than this, in days (`minimum.access.token.only.lifetime.days`). */
  readonly minimumAccessTokenOnlyLifetimeDays: number;
  /** How far our clock and a provider's may differ, in seconds (`max.clock.skew.seconds`). */
  readonly clockSkewSeconds: number;
  /** Maximum time from the redirect to the exchange of the code, in seconds (`max.client.delay.seconds`). */
  readonly clientDelaySeconds: number;
  /** Timeout of a token request with its retries, in seconds; one attempt times out after 20 s (`max.server.delay.seconds`). */
  readonly serverDelaySeconds: number;
  /** How long an unrecoverable session is kept before it is pruned, in days (`lifetime.invalid.token.days`). */
  readonly invalidTokenLifetimeDays: number;
  /** Local time of the daily prune, `HH:MM` (`prune.expired.tokens.schedule`). */
  readonly pruneAt: string;
  /** A recoverable session becomes unrecoverable after this time, in days (`unrecoverable.token.failing.period.days`). */
  readonly unrecoverableAfterDays: number;
  /** Maximum number of concurrent refreshes (`default.monitor.stripe.count`); alarms start at most two. */
  readonly concurrentRefreshes: number;
  /** How long Atlassian Cloud accepts a refresh token after its rotation, in seconds. */
  readonly cloudRetryWindowSeconds: number;
}

/** The name of one setting. */
export type SettingName = keyof Settings;

/** Changes to settings that are not validated yet. */
export type SettingsDraft = { readonly [Name in SettingName]?: unknown };

/** A setting that is an integer from `min` to `max`, both included. */
export interface NumberSetting {
  readonly unit: 'days' | 'seconds' | 'count';
  readonly defaultValue: number;
  readonly min: number;
  readonly max: number;
}

/** A setting that is a local time of day, `HH:MM`. */
export interface TimeSetting {
  readonly unit: 'time';
  readonly defaultValue: string;
}

/** A setting that is on (true) or off (false). */
export interface SwitchSetting {
  readonly unit: 'switch';
  readonly defaultValue: boolean;
}

/** A setting that is one of some values. */
export interface ChoiceSetting {
  readonly unit: 'choice';
  readonly defaultValue: Settings['defaultAccess'];
  readonly choices: readonly Settings['defaultAccess'][];
}

type SettingField<Value> = Value extends boolean
  ? SwitchSetting
  : Value extends number
    ? NumberSetting
    : string extends Value
      ? TimeSetting
      : ChoiceSetting;

const days = bounded('days');
const seconds = bounded('seconds');
const count = bounded('count');

/** Every setting in display order, with its unit, default and range. */
export const settingFields: { readonly [Name in SettingName]: SettingField<Settings[Name]> } = {
  notifications: { unit: 'switch', defaultValue: true },
  defaultAccess: { unit: 'choice', defaultValue: 'read', choices: ['read', 'write'] },
  activityLog: { unit: 'switch', defaultValue: true },
  otherExtensions: { unit: 'switch', defaultValue: false },
  lastingGrants: { unit: 'switch', defaultValue: true },
  plainHttp: { unit: 'switch', defaultValue: true },
  // Atlassian is reported to expire every refresh token after a year, used or not.
  refreshTokenDurationDays: days(30, 1, 365),
  // 0 flags no token.
  minimumAccessTokenOnlyLifetimeDays: days(30, 0, 365),
  // The skew shortens the usable lifetime of every access token, which is an hour at Atlassian.
  clockSkewSeconds: seconds(60, 0, 600),
  // At most 10 minutes: the recommended maximum lifetime of a code (RFC 6749, section 4.1.2).
  // At least 10 seconds: the worker may have to start first.
  clientDelaySeconds: seconds(60, 10, 600),
  // At least one attempt; at most the time that Chrome allows a worker for one event.
  serverDelaySeconds: seconds(120, 20, 300),
  invalidTokenLifetimeDays: days(30, 1, 365),
  pruneAt: { unit: 'time', defaultValue: '23:00' },
  // Atlassian expires a refresh token after 90 days without use.
  unrecoverableAfterDays: days(7, 1, 90),
  // A browser keeps at most 256 connections.
  concurrentRefreshes: count(64, 1, 256),
  // Atlassian documents ten minutes. After that, a superseded token is treated as stolen.
  cloudRetryWindowSeconds: seconds(600, 0, 600),
};

/** The names of all settings, in display order. */
export const settingNames = Object.keys(settingFields) as readonly SettingName[];

/** The settings that people set first. The others are about tokens, and few change them. */
export const firstSettings: readonly SettingName[] = [
  'notifications',
  'defaultAccess',
  'activityLog',
  'otherExtensions',
  'lastingGrants',
  'plainHttp',
];

/** Every setting at its default. */
export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingFields[name].defaultValue]),
) as unknown as Settings;

/** What is wrong with some changes, in display order; empty when they are valid. */
export function settingsProblems(changes: SettingsDraft): FieldProblem[] {
  return settingNames.flatMap((field) => {
    const problem = field in changes ? settingProblem(field, changes[field]) : undefined;
    return problem === undefined ? [] : [{ field, problem }];
  });
}

/**
 * Parses the text of a form's field: a number, a time, or `true` or `false` for a switch. Returns the trimmed text if
 * it is none of these, for `settingsProblems` to report.
 */
export function settingFromText(name: SettingName, text: string): number | string | boolean {
  const typed = text.trim();
  const { unit } = settingFields[name];
  if (unit === 'switch') return typed === 'true' || typed === 'false' ? typed === 'true' : typed;
  if (unit === 'choice') return typed;
  if (unit === 'time') return /^\d:\d\d$/u.test(typed) ? `0${typed}` : typed;
  return /^[+-]?\d+$/u.test(typed) ? Number(typed) : typed;
}

/** Parses a stored record. A member that is missing or invalid gets its default; invalid ones are reported. */
export function readSettings(raw: unknown): {
  readonly settings: Settings;
  readonly problems: readonly FieldProblem[];
} {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { settings: defaultSettings, problems: [{ field: '', problem: 'malformed' }] };
  const known = Object.entries(raw).filter(([name]) => Object.hasOwn(settingFields, name));
  const problems = settingsProblems(Object.fromEntries(known));
  const isValid = ([name]: [string, unknown]): boolean =>
    problems.every(({ field }) => field !== name);
  const valid = Object.fromEntries(known.filter(isValid)) as Partial<Settings>;
  return { settings: { ...defaultSettings, ...valid }, problems };
}

/** The settings that differ from their default: only these are stored. */
export function changedSettings(settings: Settings): Partial<Settings> {
  const changed = settingNames.filter((name) => settings[name] !== defaultSettings[name]);
  return Object.fromEntries(changed.map((name) => [name, settings[name]]));
}

function bounded(unit: NumberSetting['unit']) {
  return (defaultValue: number, min: number, max: number): NumberSetting => ({
    unit,
    defaultValue,
    min,
    max,
  });
}

function settingProblem(name: SettingName, value: unknown): FieldProblemName | undefined {
  if (value === '') return 'required';
  const field = settingFields[name];
  if (field.unit === 'time') return isTimeOfDay(value) ? undefined : 'time_invalid';
  if (field.unit === 'switch') return typeof value === 'boolean' ? undefined : 'choice_invalid';
  if (field.unit === 'choice')
    return (field.choices as readonly unknown[]).includes(value) ? undefined : 'choice_invalid';
  if (!Number.isInteger(value)) return 'number_invalid';
  const isInRange = field.min <= (value as number) && (value as number) <= field.max;
  return isInRange ? undefined : 'number_out_of_range';
}

function isTimeOfDay(value: unknown): boolean {
  return typeof value === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(value);
}
