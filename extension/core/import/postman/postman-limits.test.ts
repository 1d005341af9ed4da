import { describe, expect, test } from 'vitest';
import { cloud, info, oauth2, only } from '../../../../test/support/samples/postman-samples.ts';
import { importPostman } from './import-postman.ts';

describe('a hostile file', () => {
  const requests = (count: number, fields: (at: number) => Record<string, unknown>) => ({
    info,
    item: Array.from({ length: count }, (_, at) => ({ request: { auth: oauth2(fields(at)) } })),
  });
  const outcome = (collection: unknown): unknown => importPostman(JSON.stringify(collection));
  const tooLarge = { problem: 'too_large' };
  test('of 40,000 clients, or of 2,001 different ones, is too large', () => {
    expect(outcome(requests(40_000, (at) => ({ clientId: `id-${at}` })))).toEqual(tooLarge);
    expect(outcome(requests(2001, (at) => ({ clientId: `id-${at}` })))).toEqual(tooLarge);
    expect(outcome({ info, item: Array.from({ length: 100_000 }, () => ({})) })).toEqual(tooLarge);
  });
  test('of 10,000 requests with one client gives that client with all of its places', () => {
    const client = only(requests(10_000, () => cloud));
    expect(client.places).toHaveLength(10_000);
  });
  test('whose variables make every text long is too large', () => {
    const variable = [{ key: 'long', value: 'x'.repeat(65_000) }];
    const collection = requests(2000, (at) => ({ clientId: `${at}{{long}}` }));
    expect(outcome({ ...collection, variable })).toEqual(tooLarge);
    const clientId = '{{long}}'.repeat(100_000);
    expect(only({ info, auth: oauth2({ ...cloud, clientId }), variable }).missing).toEqual([
      'clientId',
    ]);
  });
});
