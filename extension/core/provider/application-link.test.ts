import { expect, test } from 'vitest';
import { incomingLinkSteps } from './application-link.ts';
import { dataCenterProducts } from './data-center.ts';

test.each(dataCenterProducts)(
  'an administrator registers a client of %s in six steps',
  (product) => {
    expect(new Set(incomingLinkSteps(product)).size).toBe(6);
  },
);
