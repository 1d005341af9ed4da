import { isPageFaultCode, pageFaultTexts, type PageFaultCode } from './page-fault.ts';

/** The codes that only the extension's own pages receive. Their texts for the person are `fault_<code>`. */
export const ownPageFaultCodes = [
  /** This sender may not use this command. */
  'forbidden',
  /** This no longer exists. It may have been deleted in another window. */
  'not_found',
  /** A client with this name exists already. Choose another name. */
  'name_taken',
  /** Some fields need another value. */
  'invalid_client',
  /** Some settings need another value. Nothing was changed. */
  'invalid_settings',
  /** This is not a client configuration that can be imported. Nothing was changed. */
  'invalid_import',
  /** There is more to export than fits into a file (32 MiB). Delete clients or connections that are no longer needed, and export again. */
  'export_too_large',
  /** This file is not an export of Threelo, or its beginning was changed on its way. Choose the file that Threelo exported. Nothing was changed. */
  'file_foreign',
  /** The end of this file is missing. Copy or download it again. Nothing was changed. */
  'file_cut',
  /** This file was changed after the export, on its way or on its disk. Copy it again from where it was exported. Nothing was changed. */
  'file_damaged',
  /** This file was exported by a newer version of Threelo. Update the extension. Nothing was changed. */
  'file_newer',
  /** This file requires more key derivation, or claims to be larger, than any export of Threelo. Do not use it. Nothing was changed. */
  'file_beyond_limits',
  /** This is not the passphrase that the file was exported with. Upper and lower case differ. Nothing was changed. */
  'passphrase_wrong',
  /** The passphrase opens the file, but what it contains is not what Threelo exports. Another program may have made it. Nothing was changed. */
  'file_contents_invalid',
  /** What is stored was changed since the preview. The preview was made again: look at it once more. Nothing was changed. */
  'preview_outdated',
  /** Another sign-in is in progress. Finish it, or cancel it and try again. */
  'flow_in_progress',
  /** The sign-in window was closed before the provider sent you back. If an error was shown there, check that the client ID, the callback URL and the scopes of your app match this client. */
  'flow_closed',
  /** The sign-in page could not be loaded. Check the network and try again. */
  'flow_unloadable',
  /** The sign-in took too long and was cancelled. Try again. */
  'flow_expired',
  /** The browser stopped the extension during the sign-in. Nothing was changed. Try again. */
  'flow_interrupted',
  /** Consent was denied on the provider's page. Nothing was changed. Sign in again when you want to allow access. */
  'consent_denied',
  /** The authorization response was not sent to this client's callback URL, so it was ignored. Start the sign-in again. */
  'redirect_rejected',
  /** The authorization response does not belong to this sign-in (its state or issuer is wrong), so it was ignored. Start the sign-in again. */
  'state_mismatch',
  /** The provider refused the request. Check the client's scopes and callback URL where the app is registered. */
  'authorization_failed',
  /** The provider refused the client ID or the client secret. Check both, and the client authentication, against the registration of the app, and save the client again. */
  'client_rejected',
  /** The provider no longer accepts this sign-in. Sign in again; everything else is kept. */
  'grant_rejected',
  /** The token was issued, but the product treats its requests as anonymous. Ask an administrator whether OAuth 2.0 access tokens are enabled there and whether your user may use the product. */
  'answered_as_anonymous',
  /** There is no response from the base URL. Check host, port, network and certificate, and whether the product supports only http. */
  'product_unreachable',
  /** The server at the base URL is not the product. Check the host and the context path. */
  'product_not_found',
  /** The base URL redirects. Enter the base URL that the product itself shows. */
  'product_moved',
  /** The product has no OAuth endpoints for application links: its OAuth plugin is disabled. */
  'product_without_links',
  /** The product is not an OAuth 2.0 provider: its version is too old, or the provider is disabled. */
  'product_too_old',
  /** The product requires https. Enter its https URL as the base URL. */
  'https_required',
  /** The provider's token endpoint cannot be reached or responded with an error. Your client is kept. Try again. */
  'provider_unreachable',
  /** The response is not one that a provider sends (for example a web page instead of JSON). A proxy or a network sign-in page may have sent it. */
  'provider_answer_invalid',
  /** The sign-in worked, but no site was granted. Sign in again and choose a site, or ask a site administrator for access. */
  'no_site',
  /** The list of sites could not be read, so it is not known which sites were granted. Choose “Refresh sites” to read it again; no new sign-in is needed. */
  'sites_unread',
  /** The extension has no permission for a host that it needs. Allow it and try again. */
  'permission_missing',
  /** The browser could not store this. Free some disk space and try again; nothing was removed. */
  'storage_failed',
  /** Not everything could be erased: a storage of the browser refused, or did not answer. Restart the browser: the rest is erased then. If it is not, remove Threelo and install it again. */
  'erase_failed',
  /** Your organization's policy sets this. It cannot be changed here. */
  'managed',
  /** Your organization's policy does not allow this page or extension to be connected. */
  'blocked_by_policy',
  /** Plain http is switched off in the settings. Use an https address, or allow plain http there. */
  'http_forbidden',
  /** A stored entry is damaged. It was set aside, and all other entries still work. Add or connect again what it contained. */
  'storage_damaged',
  /** Stored entries were lost or damaged. They were restored from their second copy; nothing is missing. */
  'storage_restored',
  /** A stored secret cannot be decrypted, because its encryption key is lost. Sign in again, enter the client secret again, or give the client a new RSA key pair; everything else is kept. */
  'seal_broken',
  /** The stored data was written by a newer version of Threelo. Update the extension; nothing was changed. */
  'storage_newer',
  /** Something went wrong inside the extension. Nothing was sent. */
  'internal',
] as const;

/** The code of one fault; stable. Those of `pageFaultCodes` are seen by pages, so that removing or renaming one is a breaking change. */
export type FaultCode = PageFaultCode | (typeof ownPageFaultCodes)[number];

/** Whether a value is a fault code. */
export function isFaultCode(value: unknown): value is FaultCode {
  if (typeof value !== 'string') return false;
  return isPageFaultCode(value) || (ownPageFaultCodes as readonly string[]).includes(value);
}

/** What is wrong with one field of a form or one member of an import. */
export interface FieldProblem {
  /** The member's name as in the configuration, e.g. `authorizationEndpoint`. */
  readonly field: string;
  /** The message key of its text is `problem_` and this name, e.g. `problem_url_invalid`. */
  readonly problem: FieldProblemName;
}

/** Everything that can be wrong with a field. */
export const fieldProblemNames = [
  'required',
  'too_long',
  'secret_too_long',
  'name_taken',
  'http_forbidden',
  'url_invalid',
  'url_not_https',
  'url_not_this_cloud',
  'url_of_cloud',
  'url_with_credentials',
  'choice_invalid',
  'parameter_invalid',
  'parameter_reserved',
  'header_invalid',
  'header_reserved',
  'scope_invalid',
  'type_unsupported',
  'variable_unresolved',
  'number_invalid',
  'number_out_of_range',
  'time_invalid',
  'malformed',
  'unknown_member',
  'repeated',
  'origin_invalid',
  'blocked',
  'list_too_long',
  'text_too_long',
  'managed',
  'key_not_pem',
  'key_several_blocks',
  'key_encrypted',
  'key_public_key',
  'key_certificate',
  'key_ec_key',
  'key_not_rsa',
  'key_truncated',
  'key_damaged',
  'key_too_small',
] as const;

/** One of {@link fieldProblemNames}. */
export type FieldProblemName = (typeof fieldProblemNames)[number];

/** Something stored that a fault of the storage is about. */
export interface StoredThing {
  /** `local` and `mirror` are the two copies as a whole, `entry` is e.g. the version of the data. */
  readonly kind:
    'client' | 'session' | 'sites' | 'connection' | 'settings' | 'local' | 'mirror' | 'entry';
  /** The name of the client, the account of the session or of the one with these sites, the origin of the connection; absent when it cannot be read. */
  readonly name?: string;
}

/** A failure as data: contexts send each other faults, never exceptions. Contains no secret. */
export interface Fault {
  readonly code: FaultCode;
  /**
   * English, for developers of connected pages. A fault that only the extension's own pages receive has its code instead:
   * they show their own text for each code.
   */
  readonly message: string;
  /** Milliseconds to wait before the next attempt. */
  readonly retryAfterMs?: number;
  /** The fields that need another value (`invalid_client`, `invalid_settings`, `invalid_import`). */
  readonly fields?: readonly FieldProblem[];
  /** What is refused: the name of a header, an origin, an OAuth error code. Never a provider's free text. */
  readonly subject?: string;
  /** What a fault of the storage is about. */
  readonly things?: readonly StoredThing[];
  /** The ids of the granted sites that a call fits (`site_required`). */
  readonly candidates?: readonly string[];
}

/** The optional members of a fault, and advice that its message adds to the text of its code. */
export type FaultDetail = Omit<Fault, 'code' | 'message'> & { readonly advice?: string };

/** Creates a fault from its code; the subject is appended to the message in parentheses. */
export function fault(code: FaultCode, { advice, ...detail }: FaultDetail = {}): Fault {
  const known = textOf(code);
  const text = advice === undefined ? known : `${known} ${advice}`;
  const subject = detail.subject === undefined ? '' : ` (${detail.subject})`;
  return { code, message: `${text}${subject}`, ...detail };
}

function textOf(code: FaultCode): string {
  return isPageFaultCode(code) ? pageFaultTexts[code] : code;
}

/** The exception that carries a {@link Fault} inside one context; it is never sent to another one. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly fault: Fault;

  constructor(code: FaultCode, detail: FaultDetail = {}, options?: ErrorOptions) {
    super(textOf(code), options);
    this.fault = fault(code, detail);
  }
}

/** The handler of a write that was rejected. @throws BrokerError `storage_failed`, with its cause */
export function storageFailed(cause: unknown): never {
  throw new BrokerError('storage_failed', {}, { cause });
}

/** The fault of a thrown value. Anything but a `BrokerError` becomes `internal`, since its text may contain a secret. */
export function toFault(thrown: unknown): Fault {
  return thrown instanceof BrokerError ? thrown.fault : fault('internal');
}

/** The code that a page receives instead of one that only the extension's own pages receive; otherwise `unavailable`. */
const pageCodes: Readonly<Partial<Record<FaultCode, PageFaultCode>>> = {
  provider_unreachable: 'offline',
  provider_answer_invalid: 'offline',
  grant_rejected: 'consent_required',
  answered_as_anonymous: 'consent_required',
  client_rejected: 'consent_required',
  seal_broken: 'consent_required',
};

/** The fault that a page receives: unchanged if it has a page's code, otherwise replaced and without details. */
export function toPageFault(inner: Fault): Fault {
  return isPageFaultCode(inner.code) ? inner : fault(pageCodes[inner.code] ?? 'unavailable');
}
