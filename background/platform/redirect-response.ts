/** Whether a response is a redirect that was not followed, whose target the browser hides. */
export function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}
