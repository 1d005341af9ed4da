import type { Left } from './protocol-state.ts';

/** Two workers, one kill, and one further disturbance; the session has up to four generations. */
export const longBounds: Left = {
  start: 2,
  'a caller asks': 2,
  'an alarm': 1,
  'a kill': 1,
  'a request of a killed worker arrives': 1,
  'a request of a killed worker is lost': 1,
  'the window ends': 1,
  'the copies fail': 1,
  'the answer: not processed': 1,
  'no answer': 1,
  'the person signs in': 1,
  'another account signs in': 1,
  'the person signs out': 1,
  'the provider ends the grant': 1,
  disturbances: 1,
};
/** Without the alarm, as an alarm does what a caller does. */
export const fewerEvents: Left = { ...longBounds, 'an alarm': 0 };
/** The least with which two workers meet. */
export const fewestEvents: Left = { ...fewerEvents, start: 1, 'a caller asks': 1 };
