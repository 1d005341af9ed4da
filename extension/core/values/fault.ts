import { isPageFaultCode, pageFaultTexts, type PageFaultCode } from './page-fault.ts';

/**
 * Everything that can go wrong, as one closed list: what it means and what to do about it.
 * Removing or renaming a code is a breaking change: pages see those of the first group as
 * `ThreeloError.code`.
 */
export const faultTexts = {
  ...pageFaultTexts,

  // What only the extension\'s own pages can see.
  forbidden: 'This sender may not use this command.',
  not_found: 'It no longer exists. It may have been deleted in another window.',
  name_taken: 'A client with this name exists already. Choose another name.',
  invalid_client: 'Some fields need another value.',
  invalid_settings: 'Some settings need another value. Nothing was changed.',
  invalid_import: 'This is not a client configuration that can be imported. Nothing was changed.',
  flow_in_progress: 'A sign-in is already waiting. Finish it, or cancel it and try again.',
  flow_closed:
    'The sign-in window was closed before the provider sent you back. If an error was shown there, check that the client ID, the callback URL and the scopes of your app match this client.',
  flow_unloadable: 'The sign-in page could not be loaded. Check the network and try again.',
  flow_expired: 'The sign-in took too long and was given up. Try again.',
  flow_interrupted:
    'The browser stopped the extension during the sign-in. Nothing was lost: try again.',
  consent_denied:
    "Consent was refused on the provider's page. Nothing was changed. Sign in again when you want to allow it.",
  redirect_rejected:
    "The answer did not come to this client's own callback URL, so it was thrown away unread. Try again from the start.",
  state_mismatch:
    'The answer does not belong to this sign-in (its state or issuer is wrong), so it was thrown away. Try again from the start.',
  authorization_failed:
    "The provider refused the request. Check the client's scopes and callback URL where the app is registered.",
  client_rejected:
    'The provider refused the client ID or the client secret. Check both, and the client authentication, where the app is registered, and save the client again.',
  grant_rejected:
    'The provider no longer accepts this sign-in. Sign in again; everything else is kept.',
  answered_as_anonymous:
    'The token was issued, but the product takes its bearer for nobody: signed in as anonymous. Ask an administrator whether OAuth 2.0 access tokens are enabled there and whether your user may use the product.',
  product_unreachable:
    'Nothing answers at the base URL. Check host, port, network and certificate, and whether the product speaks http alone.',
  product_not_found:
    'What answers at the base URL is not the product. Check the host and the context path.',
  product_moved: 'The base URL redirects. Enter the address that the product itself shows.',
  product_without_links:
    'Nothing answers where application links sign in: their OAuth plugin is off.',
  product_too_old:
    'The product is no OAuth 2.0 provider: it is older than the first version that is one, or the provider is off.',
  https_required: 'The product wants https. Enter its https address as the base URL.',
  provider_unreachable:
    "The provider's token service cannot be reached or answered with an error. Your client is kept; try again.",
  provider_answer_invalid:
    'The answer was not what a provider sends (for example a web page in place of JSON). A proxy or a network log-in page may be in between.',
  no_site:
    'The sign-in worked, but no site was granted. Sign in again and choose a site, or ask a site administrator for access.',
  permission_missing:
    'The browser withholds access to a host that is needed. Allow it and try again.',
  storage_failed:
    'The browser could not store this. Free some disk space and try again; nothing was removed.',
  storage_damaged:
    'A stored entry cannot be read. It was put aside and everything else goes on; add or connect anew what it held.',
  storage_restored:
    'Stored entries were lost or damaged. They were restored from their second copy; nothing is missing.',
  seal_broken:
    'A stored secret cannot be opened: the key that sealed it is gone. Sign in again, enter the client secret again, or give the client a new RSA key pair; everything else is kept.',
  storage_newer:
    'The stored data comes from a newer version of Threelo. Update the extension; nothing was changed.',
  internal: 'Something went wrong inside the extension. Nothing was sent.',
} as const satisfies Record<string, string>;

/** The name of one fault; stable. */
export type FaultCode = keyof typeof faultTexts;

/** Whether something is the name of a fault. */
export function isFaultCode(value: unknown): value is FaultCode {
  return typeof value === 'string' && Object.hasOwn(faultTexts, value);
}

/** What is wrong with one field of a form or one member of an import. */
export interface FieldProblem {
  /** The member's name as in the configuration, e.g. `authorizationEndpoint`. */
  readonly field: string;
  /** One of the problem names that the editor translates, e.g. `url_invalid`. */
  readonly problem: FieldProblemName;
}

/** Closed list of what a field can be told. */
export const fieldProblemNames = [
  'required',
  'too_long',
  'name_taken',
  'url_invalid',
  'url_not_https',
  'url_not_this_cloud',
  'url_of_cloud',
  'url_with_credentials',
  'choice_invalid',
  'parameter_invalid',
  'parameter_reserved',
  'scope_invalid',
  'type_unsupported',
  'variable_unresolved',
  'number_invalid',
  'number_out_of_range',
  'time_invalid',
  'malformed',
  'key_not_pem',
  'key_several_blocks',
  'key_encrypted',
  'key_public_key',
  'key_not_rsa',
  'key_truncated',
  'key_damaged',
  'key_too_small',
] as const;

/** See {@link fieldProblemNames}. */
export type FieldProblemName = (typeof fieldProblemNames)[number];

/** A failure as data: what crosses every boundary in place of an exception. Holds no secret. */
export interface Fault {
  readonly code: FaultCode;
  /** One sentence in English; the extension\'s pages show their own translation of the code. */
  readonly message: string;
  /** Milliseconds to wait before another try is any use. */
  readonly retryAfterMs?: number;
  /** The fields that need another value (`invalid_client`, `invalid_settings`, `invalid_import`). */
  readonly fields?: readonly FieldProblem[];
  /** What exactly is refused: a header\'s name, an origin, an OAuth error code. Never provider prose. */
  readonly subject?: string;
}

/** Extra facts that a fault may carry. */
export type FaultDetail = Omit<Fault, 'code' | 'message'>;

/** A fault as data, made from its code. */
export function fault(code: FaultCode, detail: FaultDetail = {}): Fault {
  const subject = detail.subject === undefined ? '' : ` (${detail.subject})`;
  return { code, message: `${faultTexts[code]}${subject}`, ...detail };
}

/** The exception that carries a {@link Fault} inside one context; it never crosses a boundary itself. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly fault: Fault;

  constructor(code: FaultCode, detail: FaultDetail = {}, options?: ErrorOptions) {
    super(faultTexts[code], options);
    this.fault = fault(code, detail);
  }
}

/** Turns anything thrown into a fault. What is not ours becomes `internal`: its text may hold anything. */
export function toFault(thrown: unknown): Fault {
  return thrown instanceof BrokerError ? thrown.fault : fault('internal');
}

/** What a page is told in place of a code of the second group; the rest is `unavailable` there. */
const toldAs: Readonly<Partial<Record<FaultCode, PageFaultCode>>> = {
  provider_unreachable: 'offline',
  provider_answer_invalid: 'offline',
  grant_rejected: 'consent_required',
  answered_as_anonymous: 'consent_required',
  client_rejected: 'consent_required',
  seal_broken: 'consent_required',
};

/** What a page may know of a fault: a code of its own as it is, any other without details. */
export function toPageFault(inner: Fault): Fault {
  return isPageFaultCode(inner.code) ? inner : fault(toldAs[inner.code] ?? 'unavailable');
}
