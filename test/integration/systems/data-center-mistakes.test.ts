/** What a person can get wrong about a Data Center product, each reported with its cause and remedy. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import type { Fault } from '../../../extension/core/values/fault.ts';
import type { FlowView } from '../../../extension/wire/views.ts';
import { signInCauses } from '../../../extension/ui/notices/sign-in-causes.ts';
import { message } from '../../support/english.ts';
import { runFlow } from '../../support/harness.ts';
import { systemCase, type SystemCase } from '../../support/samples/systems.ts';
import { until } from '../../support/until.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

const caseOf = (product: string): SystemCase => systemCase(`Data Center, ${product}`);
const token = '/rest/oauth2/latest/token';
/** How many windows were opened. */
let windows: number;

useBackground();
beforeEach(() => {
  windows = 0;
  const { person } = harness.world;
  harness.world.person = (url) => {
    windows += 1;
    return person(url);
  };
});

const flowOf = async (one: SystemCase, part: Partial<ClientDraft> = {}): Promise<FlowView> =>
  runFlow(harness, await addSystemClient(one, part));
/** What the extension's pages show of a fault. */
const told = (fault: Fault | undefined): string => message(`fault_${fault?.code ?? ''}`);
/** Nothing that was sent so far is a credential. */
const expectNoCredentials = (): void => {
  for (const { bodyText, headers } of standin.log) {
    expect(bodyText).toBe('');
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  }
};

describe('before a window opens', () => {
  test('an unknown host is reported', async () => {
    const baseUrl = 'https://nowhere.example.test/jira';
    const { fault } = await flowOf(caseOf('jira'), { baseUrl });
    expect(fault).toMatchObject({ code: 'product_unreachable', subject: baseUrl });
    expect(windows).toBe(0);
  });
  test('https for a server that supports only http is reported', async () => {
    const baseUrl = 'https://intranet.example.test/jira';
    standin.faults.add({ kind: 'drop-before', match: { host: 'intranet.example.test' } });
    const { fault } = await flowOf(caseOf('jira'), { baseUrl });
    expect(fault).toMatchObject({ code: 'product_unreachable', subject: baseUrl });
    expect(told(fault)).toContain('uses http although');
    expect(windows).toBe(0);
  });
  test('a missing context path is reported', async () => {
    const baseUrl = 'https://dc.example.test';
    const { fault } = await flowOf(caseOf('jira'), { baseUrl });
    expect(fault).toMatchObject({ code: 'product_not_found', subject: baseUrl });
    expect(told(fault)).toContain('context path');
    expect(windows).toBe(0);
    expectNoCredentials();
  });
  test('http for a product that redirects to https is reported', async () => {
    const location = `https://intranet.example.test/jira${token}`;
    standin.faults.add({ kind: 'redirect', status: 301, location });
    const { fault } = await flowOf(caseOf('intranet'));
    const subject = 'http://intranet.example.test/jira';
    expect(fault).toMatchObject({ code: 'https_required', subject });
    expect([windows, standin.log.length]).toEqual([0, 1]);
  });
  test('a host that redirects to another is reported', async () => {
    const location = `https://jira.example.test${token}`;
    standin.faults.add({ kind: 'redirect', status: 308, location });
    const { fault } = await flowOf(caseOf('jira'));
    expect(fault).toMatchObject({
      code: 'product_moved',
      subject: 'https://dc.example.test/jira',
    });
    expect([windows, standin.log.length, standin.refusedHosts]).toEqual([0, 1, []]);
  });
  test.each([
    ['jira', 'Jira Data Center 8.22'],
    ['confluence', 'Confluence Data Center 7.17'],
    ['bitbucket', 'Bitbucket Data Center 7.21'],
    ['bamboo', 'Bamboo Data Center 9.0'],
  ] as const)('a %s that is too old is told, with the first version', async (product, subject) => {
    standin.dataCenter[product].quirks.isTooOld = true;
    const { fault } = await flowOf(caseOf(product));
    expect(fault).toMatchObject({ code: 'product_too_old', subject });
    expect(windows).toBe(0);
    expectNoCredentials();
  });
});

describe('a product in health', () => {
  test('is asked one small question more', async () => {
    expect((await flowOf(caseOf('jira'))).state).toBe('succeeded');
    const [first] = standin.log;
    expect(first).toMatchObject({ path: `/jira${token}`, bodyText: '', status: 400 });
    expect(standin.log.requests({ path: `/jira${token}` })).toHaveLength(2);
  });
  test.each([
    ['breaks down for a moment', { kind: 'status', status: 500 }],
    ['is guarded by something', { kind: 'status', status: 403 }],
    ['is behind a page for a moment', { kind: 'html' }],
  ] as const)('that %s signs in all the same', async (_, fault) => {
    standin.faults.add({ ...fault, match: { path: `/jira${token}` } });
    expect((await flowOf(caseOf('jira'))).state).toBe('succeeded');
  });
  test('that takes its time is not waited for', async () => {
    const hanging = standin.faults.add({ kind: 'hang', match: { path: `/jira${token}` } });
    const ended = flowOf(caseOf('jira'));
    await hanging.arrived;
    harness.world.elapse(5_000);
    expect((await ended).state).toBe('succeeded');
  });
  test('is not asked for anything after the person gave up', async () => {
    const hanging = standin.faults.add({ kind: 'hang', match: { path: `/jira${token}` } });
    const client = await addSystemClient(caseOf('jira'));
    await harness.ui('flow.start', { clientId: client.id });
    await hanging.arrived;
    await harness.ui('flow.cancel', {});
    await until(async () => (await harness.ui('overview.get', {})).flow?.state === 'failed');
    const { flow } = await harness.ui('overview.get', {});
    expect([flow?.fault?.code, windows]).toEqual(['flow_closed', 0]);
  });
});

describe('what the window shows', () => {
  const closes = (): void => {
    harness.world.person = async (url) => {
      await standin.fetch(url);
      return { ended: 'closed' };
    };
  };
  test('of a product that requires https is reported when it was closed', async () => {
    standin.dataCenter.intranet.quirks.allowsHttpBaseUrl = false;
    closes();
    expect((await flowOf(caseOf('intranet'))).fault?.code).toBe('https_required');
  });
  test('of a server that answers everything with a page is reported when it was closed', async () => {
    standin.faults.add({ kind: 'html', times: 2 });
    closes();
    expect((await flowOf(caseOf('jira'))).fault?.code).toBe('product_not_found');
  });
  test('of a wrong client ID is reported as something to check', async () => {
    closes();
    const { fault, clientType } = await flowOf(caseOf('jira'), { clientId: 'another' });
    expect(fault?.code).toBe('flow_closed');
    const causes = signInCauses('flow_closed', clientType).map(([cause]) => cause);
    expect(causes).toContain('client_id');
  });
});

test.each(['post', 'basic'] as const)('a wrong secret, sent by %s, is reported', async (method) => {
  const draft = { clientSecret: 'wrong', clientAuthentication: method };
  const { fault } = await flowOf(caseOf('jira'), draft);
  expect(fault).toMatchObject({ code: 'client_rejected', subject: 'invalid_client' });
});
