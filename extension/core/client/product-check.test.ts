import { describe, expect, test } from 'vitest';
import { dataCenterFacts, dataCenterProducts } from '../provider/data-center.ts';
import type { FaultCode } from '../values/fault.ts';
import { faultOfMissing, judgeTokenEndpoint, placeOf, type ProbeResult } from './product-check.ts';

const https = {
  baseUrl: 'https://dc.example.test/jira',
  product: 'jira',
  protocol: 'oauth2',
} as const;
const http = {
  baseUrl: 'http://intranet.example.test/jira',
  product: 'jira',
  protocol: 'oauth2',
} as const;

describe('an empty request to the token endpoint', () => {
  test.each<[ProbeResult, string, FaultCode?]>([
    [400, 'good'],
    [401, 'good'],
    [403, 'good'],
    [405, 'good'],
    [429, 'good'],
    [500, 'good'],
    [502, 'good'],
    [503, 'good'],
    ['late', 'good'],
    [200, 'doubtful', 'product_not_found'],
    [204, 'doubtful', 'product_not_found'],
    [404, 'missing'],
    ['redirect', 'wrong', 'product_moved'],
    ['unconnected', 'wrong', 'product_unreachable'],
  ])('that is answered with %s at https is %s %s', (sign, is, code) => {
    const verdict = judgeTokenEndpoint(sign, https);
    const told = 'fault' in verdict ? verdict.fault.fault : undefined;
    expect([verdict.is, told?.code, told?.subject]).toEqual([is, code, code && https.baseUrl]);
  });
  test.each<[ProbeResult, string, FaultCode?]>([
    [400, 'good'],
    [500, 'doubtful', 'https_required'],
    [503, 'good'],
    [404, 'missing'],
    ['redirect', 'wrong', 'https_required'],
    ['unconnected', 'wrong', 'product_unreachable'],
  ])('that is answered with %s at http is %s %s', (sign, is, code) => {
    const verdict = judgeTokenEndpoint(sign, http);
    expect([verdict.is, 'fault' in verdict ? verdict.fault.fault.code : undefined]).toEqual([
      ...[is, code],
    ]);
  });
});

describe('without a token endpoint', () => {
  test.each<[ProbeResult, FaultCode]>([
    [200, 'product_too_old'],
    [401, 'product_too_old'],
    [403, 'product_too_old'],
    [404, 'product_not_found'],
    [500, 'product_not_found'],
    ['redirect', 'product_not_found'],
    ['late', 'product_not_found'],
    ['unconnected', 'product_not_found'],
  ])('%s of the place that tells who is logged in means %s', (sign, code) => {
    expect(faultOfMissing(sign, https).fault.code).toBe(code);
  });
  test.each(dataCenterProducts)('the first version of %s that has it is named', (product) => {
    const { subject } = faultOfMissing(200, { ...https, product }).fault;
    expect(subject).toBe(
      `${dataCenterFacts[product].label} ${dataCenterFacts[product].firstVersion}`,
    );
  });
});

test('only a provider whose endpoints follow from its base URL has a place', () => {
  expect(placeOf({ type: 'data-center', ...https })).toEqual(https);
  expect(placeOf({ type: 'generic' })).toBeUndefined();
  expect(placeOf({ type: 'atlassian-cloud' })).toBeUndefined();
});

test('an application link is not told to need a newer product', () => {
  const link = { ...https, protocol: 'oauth1' } as const;
  expect(faultOfMissing(200, link).fault).toMatchObject({ code: 'product_without_links' });
  expect(faultOfMissing(404, link).fault).toMatchObject({ code: 'product_not_found' });
});
