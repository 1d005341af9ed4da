/** How requests are sent: the platform's `fetch`, or a test's. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;
