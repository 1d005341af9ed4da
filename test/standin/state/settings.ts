/** Ways to tamper with the redirect back from authorize. */
export interface AuthorizeTamper {
  /** Another value in place of the state. */
  wrongState?: boolean;
  missingState?: boolean;
  /** The state twice. */
  duplicateState?: boolean;
  /** Appended to the callback's path, for instance `/cbevil`. */
  extraPath?: string;
  /** Adds an `iss` (RFC 9207) that is not Atlassian's. */
  wrongIss?: boolean;
  dropCode?: boolean;
}

/** Switches that tests move while the server runs. */
export interface Settings {
  /** `required`: no challenge, no code. `enforced`: checked when sent. `ignored`: never looked at. */
  pkce: 'enforced' | 'ignored' | 'required';
  /** `browser-user-agent`: mutating calls with a browser's User-Agent and a foreign Origin get 403. */
  xsrf: 'off' | 'browser-user-agent';
  /** How the gateway refuses a token that is no longer valid: 401, or 403 (v1, v2, v3) and 404 (api/v2). */
  expiredAnswer: 'unauthorized' | 'quirk';
  /** Which host answers accessible-resources; the other one says 404. */
  accessibleResources: 'api' | 'auth';
  /** How long a rotated refresh token stays usable. */
  leewayMs: number;
  /** What a second consent of one account to one app does to the refresh tokens of the first. Its scopes replace theirs anyway. */
  secondConsent: 'ends-first' | 'keeps-both';
  /** Which refreshes replace the refresh token; the others answer without one. */
  rotation: 'always' | 'every-second' | 'never';
  readonly authorize: {
    tamper: AuthorizeTamper;
    /** Skips login and consent: for the account named, or for the one logged in, else Ada. */
    autoConsent: boolean | string;
  };
}
