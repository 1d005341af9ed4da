import { describe, expect, it } from 'vitest';
import { cloudClient, fullPolicy, page } from '../../../test/support/samples/policy-samples.ts';
import type { Origin } from '../values/origin.ts';
import { noPolicy, readPolicy } from './policy.ts';

const origin = page.origin as Origin;

describe('readPolicy', () => {
  it('reads every member', () => {
    const { policy, problems } = readPolicy(fullPolicy);
    expect(problems).toEqual([]);
    expect(policy.clients.map(({ id }) => id)).toEqual(['acme', 'jira', 'generic.1']);
    expect(policy.clients[0]?.draft).toMatchObject({ name: 'Acme', clientSecret: 's3cret' });
    // The endpoints are those of the form for a new client, and derived from a base URL.
    expect(policy.clients[0]?.draft.tokenEndpoint).toBe('https://auth.atlassian.com/oauth/token');
    expect(policy.clients[1]?.draft.tokenEndpoint).toContain('https://jira.example/jira/');
    expect(policy.pages.get(origin)).toEqual({
      origin,
      sites: new Set(['https://acme.atlassian.net']),
      access: 'read',
    });
    expect([...policy.blocked]).toEqual(fullPolicy.blockedOrigins);
    expect(policy.settings).toEqual(fullPolicy.settings);
    expect(policy.pointsPerHour).toBe(5000);
    expect(policy.updateText).toBe(fullPolicy.updateText);
  });

  it('applies the entries beside one that is not valid, and no entry in part', () => {
    const { policy, problems } = readPolicy({
      clients: [{ ...cloudClient, type: 'x' }, { ...cloudClient, id: 'second' }, 7],
      connectedPages: [
        { ...page, path: ['/rest/'] },
        { ...page, origin: 'https://two.example' },
      ],
      settings: { activityLog: 1, otherExtensions: false },
      pointsPerHour: -1,
      updateText: 'Ask',
    });
    expect(policy.clients.map(({ id }) => id)).toEqual(['second']);
    expect([...policy.pages.keys()]).toEqual(['https://two.example']);
    expect(policy.settings).toEqual({ otherExtensions: false });
    expect(policy).not.toHaveProperty('pointsPerHour');
    expect(policy.updateText).toBe('Ask');
    expect(problems).toHaveLength(5);
  });

  it('writes a site with or without a slash at its end in one form', () => {
    const sites = ['https://ACME.atlassian.net/', 'https://jira.example/jira//'];
    const { policy } = readPolicy({ connectedPages: [{ ...page, sites }] });
    expect([...(policy.pages.get(origin)?.sites ?? [])]).toEqual([
      'https://acme.atlassian.net',
      'https://jira.example/jira',
    ]);
  });

  it('keeps of paths those that cover the others', () => {
    const read = (paths: string[]) =>
      readPolicy({ connectedPages: [{ ...page, paths }] }).policy.pages.get(origin)?.paths;
    expect(read(['/rest/api/3/', '/rest/api/3/issue/'])).toEqual(['/rest/api/3/']);
    expect(read(['/', '/rest/'])).toBeUndefined();
  });

  it('refuses a list with too many entries as a whole', () => {
    const many = Array.from({ length: 20_001 }, (_, n) => `https://host${String(n)}.example`);
    expect(readPolicy({ blockedOrigins: many })).toEqual({
      policy: noPolicy,
      problems: [{ field: '/blockedOrigins', problem: 'list_too_long' }],
    });
  });
});
