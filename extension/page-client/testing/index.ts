/** `threelo/testing`: a double of Threelo, for tests of pages in Node and in browsers. */
export { createThreelo, refusal } from './create-threelo.ts';
export type * from './types.ts';
