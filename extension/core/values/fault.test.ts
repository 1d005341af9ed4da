import { describe, expect, test } from 'vitest';
import { BrokerError, fault, faultTexts, toFault, toPageFault, type FaultCode } from './fault.ts';
import { pageFaultCodes } from './page-fault.ts';

const codes = Object.keys(faultTexts) as FaultCode[];

test('every code says what it means in a sentence', () => {
  for (const code of codes) expect(faultTexts[code], code).toMatch(/^[A-Z].+\.$/u);
});

test('no text takes the provider for Atlassian: it may be any', () => {
  for (const code of codes) expect(faultTexts[code], code).not.toContain('Atlassian');
});

test('what is not ours becomes `internal`, without its text', () => {
  const thrown = new TypeError('canary https://x?token=canary', { cause: { body: 'canary' } });
  expect(toFault(thrown)).toEqual(fault('internal'));
  expect(toFault('canary')).toEqual(fault('internal'));
});

test('a fault keeps its details, and its cause stays behind', () => {
  const error = new BrokerError(
    'rate_limited',
    { retryAfterMs: 5, subject: 'x' },
    { cause: 'canary' },
  );
  expect(toFault(error)).toEqual({
    code: 'rate_limited',
    message: `${faultTexts.rate_limited} (x)`,
    retryAfterMs: 5,
    subject: 'x',
  });
  expect(JSON.stringify(toFault(error))).not.toContain('canary');
});

describe('what a page is told', () => {
  test.each(pageFaultCodes)('%s as it is', (code) => {
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
  test('everything else as `unavailable`, without details', () => {
    const told = new Set<FaultCode>([
      ...pageFaultCodes,
      ...([
        'provider_unreachable',
        'provider_answer_invalid',
        'grant_rejected',
        'client_rejected',
        'answered_as_anonymous',
        'seal_broken',
      ] as const),
    ]);
    for (const code of codes.filter((one) => !told.has(one))) {
      expect(toPageFault(fault(code, { subject: 'x', fields: [] })), code).toEqual(
        fault('unavailable'),
      );
    }
  });
});
