import { describe, expect, test } from 'vitest';
import { consumerInfo, type ConsumerDescription } from './consumer-info.ts';

describe('consumer info', () => {
  const description: ConsumerDescription = {
    name: 'Threelo',
    consumerKey: 'threelo-1',
    description: '',
    isRsa: true,
    publicKeyPem: 'PEM',
    callbackUrl: 'https://x.test/cb',
  };
  test('lists the values to paste, without an empty description', () => {
    expect(consumerInfo(description)).toEqual([
      { field: 'consumerKey', value: 'threelo-1' },
      { field: 'consumerName', value: 'Threelo' },
      { field: 'publicKey', value: 'PEM' },
      { field: 'callbackUrl', value: 'https://x.test/cb' },
    ]);
  });
  test('has no public key for a shared secret', () => {
    const lines = consumerInfo({ ...description, isRsa: false, description: 'd' });
    expect(lines.map(({ field }) => field)).toEqual([
      'consumerKey',
      'consumerName',
      'callbackUrl',
      'description',
    ]);
  });
});
