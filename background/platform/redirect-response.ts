/** Whether a response is a redirect. Redirects are never followed here, and the browser hides their target. */
export function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}
