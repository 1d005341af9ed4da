import { describe, expect, test } from 'vitest';
import { dataCenterFacts, dataCenterProducts } from '../provider/data-center.ts';
import type { FaultCode } from '../values/fault.ts';
import {
  missingEndpointFault,
  outcomeOfProbe,
  productAddressOf,
  type ProbeResult,
} from './probe-outcome.ts';

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
    [400, 'usable'],
    [401, 'usable'],
    [403, 'usable'],
    [405, 'usable'],
    [429, 'usable'],
    [500, 'usable'],
    [502, 'usable'],
    [503, 'usable'],
    ['late', 'usable'],
    [200, 'uncertain', 'product_not_found'],
    [204, 'uncertain', 'product_not_found'],
    [404, 'missing'],
    ['redirect', 'unusable', 'product_moved'],
    ['unconnected', 'unusable', 'product_unreachable'],
  ])('with the result %s at https is %s %s', (result, is, code) => {
    const outcome = outcomeOfProbe(result, https);
    const fault = 'fault' in outcome ? outcome.fault.fault : undefined;
    expect([outcome.is, fault?.code, fault?.subject]).toEqual([is, code, code && https.baseUrl]);
  });
  test.each<[ProbeResult, string, FaultCode?]>([
    [400, 'usable'],
    [500, 'uncertain', 'https_required'],
    [503, 'usable'],
    [404, 'missing'],
    ['redirect', 'unusable', 'https_required'],
    ['unconnected', 'unusable', 'product_unreachable'],
  ])('with the result %s at http is %s %s', (result, is, code) => {
    const outcome = outcomeOfProbe(result, http);
    const fault = 'fault' in outcome ? outcome.fault.fault : undefined;
    expect([outcome.is, fault?.code]).toEqual([is, code]);
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
  ])('%s from the identity path means %s', (result, code) => {
    expect(missingEndpointFault(result, https).fault.code).toBe(code);
  });
  test.each(dataCenterProducts)('the first version of %s that has one is named', (product) => {
    const { subject } = missingEndpointFault(200, { ...https, product }).fault;
    expect(subject).toBe(
      `${dataCenterFacts[product].label} ${dataCenterFacts[product].firstVersion}`,
    );
  });
});

test('only a provider type with a base URL has a product address', () => {
  expect(productAddressOf({ type: 'data-center', ...https })).toEqual(https);
  expect(productAddressOf({ type: 'generic' })).toBeUndefined();
  expect(productAddressOf({ type: 'atlassian-cloud' })).toBeUndefined();
});

test('a missing application link never asks for a newer product', () => {
  const link = { ...https, protocol: 'oauth1' } as const;
  expect(missingEndpointFault(200, link).fault).toMatchObject({ code: 'product_without_links' });
  expect(missingEndpointFault(404, link).fault).toMatchObject({ code: 'product_not_found' });
});
