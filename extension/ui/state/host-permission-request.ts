import type { Send } from '#wire/send.ts';
import type { FlowPorts } from './flow-actions.ts';

/**
 * Creates a function that requests host access. If nothing is prepared for the answer, it first cancels a sign-in that
 * waits for an earlier prompt: its hosts may be among the requested ones.
 */
export function createHostPermissionRequest(
  send: Send,
  request: (patterns: readonly string[], prepared: Promise<unknown>) => Promise<boolean>,
): FlowPorts['requestHostPatterns'] {
  // A failure must not prevent the prompt.
  const unprepare = (): Promise<unknown> => send('flow.unprepare', {}).catch(() => undefined);
  return (patterns, prepared = unprepare()) => request(patterns, prepared);
}
