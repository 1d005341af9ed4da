import type { Send } from '../../wire/send.ts';
import type { FlowPorts } from './flow-actions.ts';

/**
 * Asks the person for host access. Unless something is prepared for the answer, a sign-in that waits for an earlier one
 * ends first: its hosts may be among those that are asked for now.
 */
export function createHostRequest(
  send: Send,
  request: FlowPorts['requestHostPatterns'],
): FlowPorts['requestHostPatterns'] {
  // Whatever comes of it, the person asked for the prompt.
  const unprepare = (): Promise<unknown> => send('flow.unprepare', {}).catch(() => undefined);
  return (patterns, prepared = unprepare()) => request(patterns, prepared);
}
