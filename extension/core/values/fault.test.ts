import { describe, expect, test } from 'vitest';
import {
  BrokerError,
  fault,
  isFaultCode,
  ownPageFaultCodes,
  toFault,
  toPageFault,
  type FaultCode,
} from './fault.ts';
import { pageFaultCodes, pageFaultTexts } from './page-fault.ts';

test('the text of every code of a page is a sentence', () => {
  for (const code of pageFaultCodes) expect(pageFaultTexts[code], code).toMatch(/^[A-Z].+\.$/u);
});

test('no text names Atlassian, since every provider has these faults', () => {
  for (const code of pageFaultCodes) expect(pageFaultTexts[code], code).not.toContain('Atlassian');
});

test('a fault of our own pages has its code as its message', () => {
  expect(fault('not_found', { subject: 'client' })).toEqual({
    code: 'not_found',
    message: 'not_found (client)',
    subject: 'client',
  });
});

test('only codes are codes', () => {
  for (const code of [...pageFaultCodes, ...ownPageFaultCodes])
    expect(isFaultCode(code)).toBe(true);
  for (const other of ['toString', 'x', '', 0, undefined]) expect(isFaultCode(other)).toBe(false);
});

test('a thrown value that is not a BrokerError becomes `internal`, without its text', () => {
  const thrown = new TypeError('canary https://x?token=canary', { cause: { body: 'canary' } });
  expect(toFault(thrown)).toEqual(fault('internal'));
  expect(toFault('canary')).toEqual(fault('internal'));
});

test('a fault has the details of its BrokerError, but not the cause', () => {
  const error = new BrokerError(
    'rate_limited',
    { retryAfterMs: 5, subject: 'x' },
    { cause: 'canary' },
  );
  expect(toFault(error)).toEqual({
    code: 'rate_limited',
    message: `${pageFaultTexts.rate_limited} (x)`,
    retryAfterMs: 5,
    subject: 'x',
  });
  expect(JSON.stringify(toFault(error))).not.toContain('canary');
});

describe('a page receives', () => {
  test.each(pageFaultCodes)('%s unchanged', (code) => {
    expect(toPageFault(fault(code, { subject: 'x' }))).toEqual(fault(code, { subject: 'x' }));
  });
  test.each([
    ['provider_unreachable', 'offline'],
    ['provider_answer_invalid', 'offline'],
    ['grant_rejected', 'consent_required'],
    ['client_rejected', 'consent_required'],
  ] as const)('%s as %s', (code, seen) => {
    expect(toPageFault(fault(code, { subject: 'x' }))).toEqual(fault(seen));
  });
  test('every other code as `unavailable`, without details', () => {
    const mapped = new Set<FaultCode>([
      'provider_unreachable',
      'provider_answer_invalid',
      'grant_rejected',
      'client_rejected',
      'answered_as_anonymous',
      'seal_broken',
    ]);
    for (const code of ownPageFaultCodes.filter((one) => !mapped.has(one))) {
      expect(toPageFault(fault(code, { subject: 'x', fields: [] })), code).toEqual(
        fault('unavailable'),
      );
    }
  });
});
