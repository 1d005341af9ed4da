import { expect, test } from 'vitest';
import type { Origin } from '#core/values/origin.ts';
import { faultOf } from '../../test/support/faults.ts';
import { createOriginLoads, maxLoad, type LoadShare } from './origin-loads.ts';

const a = 'https://a.example' as Origin;
const b = 'https://b.example' as Origin;

test.each(['bodyBytes', 'headBytes'] as const)('%s of one origin are limited in sum', (member) => {
  const loads = createOriginLoads();
  const share = loads.open(a);
  share.add({ [member]: maxLoad[member] - 1 });
  loads.open(a).add({ [member]: 1 });
  const refused = loads.open(a);
  const code = faultOf(() => {
    refused.add({ [member]: 1 });
  }).code;
  expect(code).toBe('rate_limited');
  loads.open(b).add({ [member]: maxLoad[member] });
  // What was refused does not count.
  share.release();
  refused.add({ [member]: maxLoad[member] - 1 });
});

test('the number of calls of one origin is limited, and an ended one makes room', () => {
  const loads = createOriginLoads();
  const shares: LoadShare[] = [];
  for (let at = 0; at < maxLoad.calls; at += 1) shares.push(loads.open(a));
  expect(faultOf(() => loads.open(a)).code).toBe('rate_limited');
  loads.open(b);
  shares[7]?.release();
  // A second release of the same share frees nothing.
  shares[7]?.release();
  loads.open(a);
  expect(faultOf(() => loads.open(a)).code).toBe('rate_limited');
});
