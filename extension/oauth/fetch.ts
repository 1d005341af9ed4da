/** The platform's `fetch`, or a test's. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** The status of a response. Of a redirect that was not followed browsers hide it; it counts as 302. */
export function statusOf({ type, status }: Response): number {
  return type === 'opaqueredirect' ? 302 : status;
}

/** Options of every request to a provider: no cookies, no cache, no redirects. */
export const isolatedRequest = {
  redirect: 'error',
  credentials: 'omit',
  cache: 'no-store',
} as const satisfies RequestInit;
