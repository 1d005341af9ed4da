import type { ProviderProfile } from '../provider/provider-type.ts';
import type { FieldProblemName } from '../values/fault.ts';

/** Additional parameters of authorization requests or of token requests: name → value. */
export type ExtraParameters = Readonly<Record<string, string>>;

const parametersByRequest = [
  'response_type response_mode client_id redirect_uri scope state nonce',
  'code_challenge code_challenge_method request request_uri',
  'grant_type code code_verifier refresh_token client_secret token',
  'client_assertion client_assertion_type username password assertion',
];
/** The parameters of the protocol itself. A configuration cannot set them. */
export const protocolParameters: ReadonlySet<string> = new Set(
  parametersByRequest.flatMap((names) => names.split(' ')),
);

/** The maximum number of parameters, and the maximum length of a name or value in UTF-16 code units. */
const limits = { entries: 50, text: 2048 } as const;

/** Whether a configuration may not set this parameter. */
export function isReservedParameter(
  name: string,
  { reservedParameters }: Pick<ProviderProfile, 'reservedParameters'>,
): boolean {
  return protocolParameters.has(name) || reservedParameters.includes(name);
}

/** What is wrong with some parameters; undefined when they can be saved. */
export function extraParametersProblem(
  parameters: ExtraParameters,
  profile: Pick<ProviderProfile, 'reservedParameters'>,
): FieldProblemName | undefined {
  const entries = Object.entries(parameters);
  // A lone surrogate cannot be encoded as UTF-8.
  const isValid = (text: string): boolean =>
    text.length <= limits.text && !/\p{Surrogate}/u.test(text);
  const areValid =
    entries.length <= limits.entries &&
    entries.every(
      ([name, value]) => /^[\x21-\x7E]+$/u.test(name) && isValid(name) && isValid(value),
    );
  if (!areValid) return 'parameter_invalid';
  const isReserved = entries.some(([name]) => isReservedParameter(name, profile));
  return isReserved ? 'parameter_reserved' : undefined;
}

/** Removes reserved parameters. A stored configuration may contain them, e.g. after a migration. */
export function withoutReserved(
  parameters: ExtraParameters = {},
  profile: Pick<ProviderProfile, 'reservedParameters'>,
): ExtraParameters {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !isReservedParameter(name, profile)),
  );
}

/** Trims the names and removes empty entries; undefined when no entry is left. */
export function normaliseParameters(
  parameters: ExtraParameters | undefined,
): ExtraParameters | undefined {
  const entries = Object.entries(parameters ?? {})
    .map(([name, value]): [string, string] => [name.trim(), value])
    .filter(([name, value]) => name !== '' || value !== '');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
