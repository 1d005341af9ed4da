import type { ProviderProfile } from '../provider/provider-type.ts';
import type { FieldProblemName } from '../values/fault.ts';

/** Parameters that a person adds to the requests of one phase, by name. */
export type ExtraParameters = Readonly<Record<string, string>>;

/** What the protocol itself says in either phase; a configuration's own parameters never take such a name. */
export const protocolParameters: ReadonlySet<string> = new Set([
  ...['response_type', 'response_mode', 'client_id', 'redirect_uri', 'scope', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'request', 'request_uri'],
  ...['grant_type', 'code', 'code_verifier', 'refresh_token', 'client_secret', 'token'],
  ...['client_assertion', 'client_assertion_type', 'username', 'password', 'assertion'],
]);

/** The most parameters of one phase, and the longest name or value, in UTF-16 code units. */
const bounds = { entries: 50, text: 2048 } as const;

/** Whether a configuration may not set a parameter by itself. */
export function isReservedParameter(
  name: string,
  { reservedParameters }: Pick<ProviderProfile, 'reservedParameters'>,
): boolean {
  return protocolParameters.has(name) || reservedParameters.includes(name);
}

/** What keeps parameters from being saved. */
export function extraParametersProblem(
  parameters: ExtraParameters,
  profile: Pick<ProviderProfile, 'reservedParameters'>,
): FieldProblemName | undefined {
  const entries = Object.entries(parameters);
  // A lone surrogate has no UTF-8 form.
  const isSane = (text: string): boolean =>
    text.length <= bounds.text && !/\p{Surrogate}/u.test(text);
  const areSane =
    entries.length <= bounds.entries &&
    entries.every(([name, value]) => /^[\x21-\x7E]+$/u.test(name) && isSane(name) && isSane(value));
  if (!areSane) return 'parameter_invalid';
  const isReserved = entries.some(([name]) => isReservedParameter(name, profile));
  return isReserved ? 'parameter_reserved' : undefined;
}

/** Without those that a configuration may not set, however they came into it. */
export function admittedParameters(
  parameters: ExtraParameters = {},
  profile: Pick<ProviderProfile, 'reservedParameters'>,
): ExtraParameters {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !isReservedParameter(name, profile)),
  );
}

/** Names without blanks at their ends; nothing when there is none. */
export function normaliseParameters(
  parameters: ExtraParameters | undefined,
): ExtraParameters | undefined {
  const entries = Object.entries(parameters ?? {})
    .map(([name, value]): [string, string] => [name.trim(), value])
    .filter(([name, value]) => name !== '' || value !== '');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
