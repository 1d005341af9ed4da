import type { FieldProblem, FieldProblemName } from './fault.ts';

/**
 * How the sessions are kept: the system properties of Data Center's OAuth 2.0 client by their meaning, with
 * the same defaults, and the retry window of the provider.
 * @see Atlassian, "OAuth 2.0 client" (system properties `atlassian.oauth2.client.…`)
 */
export interface Settings {
  /** Days that a refresh token is taken to live when its provider names no lifetime (`default.refresh.token.duration.days`). */
  readonly refreshTokenDurationDays: number;
  /** Days that an access token without a refresh token has to live to pass unflagged (`minimum.access.token.only.lifetime.days`). */
  readonly minimumAccessTokenOnlyLifetimeDays: number;
  /** Seconds that our clock and a provider's may differ (`max.clock.skew.seconds`). */
  readonly clockSkewSeconds: number;
  /** Seconds from the redirect to the exchange of the code (`max.client.delay.seconds`). */
  readonly clientDelaySeconds: number;
  /** Seconds to wait for a token endpoint in all, with retries; one attempt waits 20 s at most (`max.server.delay.seconds`). */
  readonly serverDelaySeconds: number;
  /** Days that an unrecoverable session is kept before it is pruned (`lifetime.invalid.token.days`). */
  readonly invalidTokenLifetimeDays: number;
  /** Local time of the daily prune, `HH:MM` (`prune.expired.tokens.schedule`). */
  readonly pruneAt: string;
  /** Days after which a recoverable session counts as unrecoverable (`unrecoverable.token.failing.period.days`). */
  readonly unrecoverableAfterDays: number;
  /** The most refreshes at once (`default.monitor.stripe.count`); alarms alone start two. */
  readonly concurrentRefreshes: number;
  /** Seconds that Atlassian Cloud takes a refresh token after its rotation. */
  readonly cloudRetryWindowSeconds: number;
}

/** The name of one setting. */
export type SettingName = keyof Settings;

/** What is to be changed, as it was handed in: not judged yet. */
export type SettingsDraft = { readonly [Name in SettingName]?: unknown };

/** A setting that is a whole number. */
export interface NumberSetting {
  readonly unit: 'days' | 'seconds' | 'count';
  readonly byDefault: number;
  readonly least: number;
  readonly most: number;
}

/** A setting that is a local time of day, `HH:MM`. */
export interface TimeSetting {
  readonly unit: 'time';
  readonly byDefault: string;
}

type SettingField<Value> = Value extends number ? NumberSetting : TimeSetting;

const days = bounded('days');
const seconds = bounded('seconds');
const count = bounded('count');

/** Every setting in the order in which it is shown, with its unit, its default and its bounds. */
export const settingFields: { readonly [Name in SettingName]: SettingField<Settings[Name]> } = {
  // Atlassian is reported to end every refresh token after a year, used or not.
  refreshTokenDurationDays: days(30, 1, 365),
  // 0 flags none.
  minimumAccessTokenOnlyLifetimeDays: days(30, 0, 365),
  // Skew is taken off the life of every access token; at Atlassian that is an hour.
  clockSkewSeconds: seconds(60, 0, 600),
  // A code should live 10 minutes at most (RFC 6749, section 4.1.2); a worker takes a while to start.
  clientDelaySeconds: seconds(60, 10, 600),
  // From one whole attempt to what Chrome lets one event of a worker take.
  serverDelaySeconds: seconds(120, 20, 300),
  invalidTokenLifetimeDays: days(30, 1, 365),
  pruneAt: { unit: 'time', byDefault: '23:00' },
  // Atlassian lets a refresh token end after 90 days without use.
  unrecoverableAfterDays: days(7, 1, 90),
  // A browser holds 256 connections.
  concurrentRefreshes: count(64, 1, 256),
  // Atlassian promises ten minutes and no more: later, the same token looks stolen.
  cloudRetryWindowSeconds: seconds(600, 0, 600),
};

/** The names of all settings, in the order in which they are shown. */
export const settingNames = Object.keys(settingFields) as readonly SettingName[];

/** The defaults. */
export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingFields[name].byDefault]),
) as unknown as Settings;

/** All that keeps changes from being made, in the order of the fields; empty when they can be. */
export function settingsProblems(changes: SettingsDraft): FieldProblem[] {
  return settingNames.flatMap((field) => {
    const problem = field in changes ? settingProblem(field, changes[field]) : undefined;
    return problem === undefined ? [] : [{ field, problem }];
  });
}

/** What a person typed, as the value that it stands for; as it is when it stands for none. */
export function settingFromText(name: SettingName, text: string): number | string {
  const tidy = text.trim();
  if (settingFields[name].unit === 'time') return /^\d:\d\d$/u.test(tidy) ? `0${tidy}` : tidy;
  return /^[+-]?\d+$/u.test(tidy) ? Number(tidy) : tidy;
}

/** What a stored record says: each member that is damaged or out of bounds is at its default, and told. */
export function readSettings(raw: unknown): {
  readonly settings: Settings;
  readonly problems: readonly FieldProblem[];
} {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { settings: defaultSettings, problems: [{ field: '', problem: 'malformed' }] };
  const known = Object.entries(raw).filter(([name]) => Object.hasOwn(settingFields, name));
  const problems = settingsProblems(Object.fromEntries(known));
  const isSound = ([name]: [string, unknown]): boolean =>
    problems.every(({ field }) => field !== name);
  const sound = Object.fromEntries(known.filter(isSound)) as Partial<Settings>;
  return { settings: { ...defaultSettings, ...sound }, problems };
}

/** The members that are not at their default: all that has to be stored. */
export function changedSettings(settings: Settings): Partial<Settings> {
  const changed = settingNames.filter((name) => settings[name] !== defaultSettings[name]);
  return Object.fromEntries(changed.map((name) => [name, settings[name]]));
}

function bounded(unit: NumberSetting['unit']) {
  return (byDefault: number, least: number, most: number): NumberSetting => ({
    unit,
    byDefault,
    least,
    most,
  });
}

function settingProblem(name: SettingName, value: unknown): FieldProblemName | undefined {
  if (value === '') return 'required';
  const field = settingFields[name];
  if (field.unit === 'time') return isTimeOfDay(value) ? undefined : 'time_invalid';
  if (!Number.isInteger(value)) return 'number_invalid';
  const isWithin = field.least <= (value as number) && (value as number) <= field.most;
  return isWithin ? undefined : 'number_out_of_range';
}

function isTimeOfDay(value: unknown): boolean {
  return typeof value === 'string' && /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(value);
}
