/** Whether an answer is a redirect, which nothing here follows. The platform hides where it leads. */
export function isRedirect(response: Response): boolean {
  const { type, status } = response;
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}
