/** The platform's `fetch`, or a test's. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Options of every request to a provider: no cookies, no cache, no redirects. */
export const isolatedRequest = {
  redirect: 'error',
  credentials: 'omit',
  cache: 'no-store',
} as const satisfies RequestInit;
