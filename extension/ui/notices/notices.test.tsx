// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { fault, type FaultCode } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { FlowView } from '#wire/views.ts';
import {
  ada,
  anOverview,
  clientId,
  otherSessionId,
  sessionId,
} from '../../../test/support/samples/ui-views.ts';
import { initials } from '../controls/avatar.tsx';
import { createPendingActions, type Said } from '../state/pending-actions.ts';
import type { RefusedSignIn } from '../state/flow-actions.ts';
import { Banners } from './banners.tsx';
import { ConnectNotice } from './connect-notice.tsx';
import { FaultMessage } from './fault-message.tsx';
import { FlowNotice } from './flow-notice.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const actions = (refused?: RefusedSignIn) => ({
  signIn: vi.fn(async () => {}),
  signInOnceAsked: vi.fn(async () => {}),
  cancelSignIn: vi.fn(async () => {}),
  showSignIn: vi.fn(async () => {}),
  dismissSignIn: vi.fn(async () => {}),
  refusedSignIn: signal(refused),
  showClient: vi.fn(),
  copyText: vi.fn(() => Promise.resolve(true)),
});
const flow = (part: Partial<FlowView>): FlowView => ({
  clientId,
  clientName: 'Acme app',
  state: 'waiting',
  startedAtMs: 0,
  ...part,
});
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

describe('FlowNotice', () => {
  it('shows Cancel and Show window while the sign-in waits', () => {
    const mocked = actions();
    render(<FlowNotice flow={flow({})} actions={mocked} />);
    expect(screen.getByText('Waiting for the sign-in…')).toBeDefined();
    press('Show window');
    press('Cancel');
    expect(mocked.showSignIn).toHaveBeenCalledOnce();
    expect(mocked.cancelSignIn).toHaveBeenCalledOnce();
  });

  it('shows the fault and retries with the same client', () => {
    const mocked = actions();
    const failed = flow({ state: 'failed', fault: fault('consent_denied') });
    render(<FlowNotice flow={failed} actions={mocked} />);
    expect(screen.getByRole('alert').textContent).toContain('Consent was refused');
    press('Try again');
    press('Dismiss');
    expect(mocked.signIn).toHaveBeenCalledWith(clientId, undefined);
    expect(mocked.dismissSignIn).toHaveBeenCalledOnce();
  });

  it('reports a sign-in with another account than that of the renewed session', () => {
    const done = flow({
      state: 'succeeded',
      sessionId: otherSessionId,
      account: { name: 'Bo' },
      renews: sessionId,
      renewedAccount: ada,
    });
    render(<FlowNotice flow={done} actions={actions()} />);
    const text = screen.getByRole('status').textContent;
    expect(text).toContain('Signed in as Bo');
    expect(text).toContain('The session of Ada Lovelace (ada@acme.example) is unchanged');
  });

  it('names the account, and reports that no site was granted', () => {
    const done = flow({ state: 'succeeded', sessionId, account: ada, fault: fault('no_site') });
    render(<FlowNotice flow={done} actions={actions()} />);
    const text = screen.getByRole('status').textContent;
    expect(text).toContain('Ada Lovelace (ada@acme.example)');
    expect(text).toContain('no site was granted');
  });
});

it('says nothing of a sign-in whose session has ended', () => {
  const { container } = render(
    <FlowNotice flow={flow({ state: 'succeeded', sessionId })} actions={actions()} />,
  );
  expect(container.textContent).toBe('');
});

describe('a sign-in that failed', () => {
  const redirectUri = 'https://id.chromiumapp.org/suffix';
  const failed = (code: FaultCode, clientType: ProviderType) =>
    flow({ state: 'failed', fault: fault(code), clientType, redirectUri });
  const causes = () => [...document.querySelectorAll('.causes > li')];

  it('lists what Threelo cannot see after the window was closed, with the callback URL to copy', async () => {
    const mocked = actions();
    const closed = failed('flow_closed', 'atlassian-cloud');
    render(<FlowNotice flow={closed} actions={mocked} />);
    expect(screen.getByText(/cannot see what the page in the window showed/u)).toBeDefined();
    expect(causes()).toHaveLength(5);
    expect(screen.getByText(/colleagues see “Something went wrong”/u)).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>('Callback URL of this browser').value).toBe(
      redirectUri,
    );
    press('Copy Callback URL of this browser');
    expect(await screen.findByText('Copied')).toBeDefined();
    expect(mocked.copyText).toHaveBeenCalledExactlyOnceWith(redirectUri);
    press('Check the client');
    expect(mocked.showClient).toHaveBeenCalledExactlyOnceWith(clientId);
  });

  it.each([
    ['consent_denied', 'atlassian-gov-cloud', 2],
    ['authorization_failed', 'atlassian-cloud', 2],
    ['flow_closed', 'data-center', 3],
    ['flow_closed', 'application-link', 0],
    ['client_rejected', 'atlassian-cloud', 0],
  ] as const)('%s of %s has %i causes to compare', (code, type, count) => {
    render(<FlowNotice flow={failed(code, type)} actions={actions()} />);
    expect(causes()).toHaveLength(count);
  });

  it('lists nothing after the person cancelled it', () => {
    const cancelled = { ...failed('flow_closed', 'atlassian-cloud'), isCancelled: true } as const;
    render(<FlowNotice flow={cancelled} actions={actions()} />);
    expect(screen.getByRole('status').textContent).toMatch(/^The sign-in with .+ was cancelled\./u);
    expect([causes().length, screen.getAllByRole('button').length]).toEqual([0, 2]);
  });

  it('leads to the client first when only a change of it helps', () => {
    const rejected = failed('client_rejected', 'atlassian-cloud');
    render(<FlowNotice flow={rejected} actions={actions()} />);
    expect(screen.getAllByRole('button')[0]?.textContent).toBe('Check the client');
  });

  it('names the hosts that the browser refused, and requests them again', () => {
    const refused = { clientId, clientName: 'Acme app', patterns: ['https://jira.example/*'] };
    const mocked = actions(refused);
    render(<FlowNotice flow={undefined} actions={mocked} />);
    expect(screen.getByRole('alert').textContent).toContain('https://jira.example/*');
    press('Allow and sign in');
    expect(mocked.signIn).toHaveBeenCalledExactlyOnceWith(clientId, undefined);
    press('Dismiss');
    expect(mocked.dismissSignIn).toHaveBeenCalledOnce();
  });
});

describe('Banners', () => {
  it('requests the missing hosts and shows storage faults', () => {
    const allowAccess = vi.fn(async () => {});
    const forgetDamaged = vi.fn(async () => {});
    const overview = anOverview({
      missingHostPatterns: ['https://api.atlassian.com/*'],
      storageFaults: [
        fault('storage_newer'),
        fault('storage_damaged', { subject: 'session:1' }),
        fault('storage_restored'),
      ],
    });
    render(
      <Banners
        store={{
          overview: signal(overview),
          loadFault: signal(undefined),
          reload: vi.fn(async () => {}),
          pendingActions: createPendingActions(),
          allowAccess,
          allowPolicyHosts: vi.fn(async () => {}),
          forgetDamaged,
          copyText: vi.fn(() => Promise.resolve(true)),
        }}
      />,
    );
    expect(screen.getAllByRole('alert')[0]?.textContent).toContain('newer version');
    press('Remove');
    press('Dismiss');
    expect(forgetDamaged.mock.calls).toEqual([[['session:1']], [['restored']]]);
    press('Allow access');
    expect(allowAccess).toHaveBeenCalledOnce();
  });

  it('says what the last action came to, until it is dismissed or another action starts', async () => {
    const pendingActions = createPendingActions();
    const store = {
      overview: signal(anOverview()),
      loadFault: signal(undefined),
      reload: vi.fn(async () => {}),
      pendingActions,
      allowPolicyHosts: vi.fn(() => Promise.resolve()),
      allowAccess: vi.fn(async () => {}),
      forgetDamaged: vi.fn(async () => {}),
      copyText: vi.fn(() => Promise.resolve(true)),
    };
    render(<Banners store={store} />);
    const say = (what: Said) =>
      act(() => {
        pendingActions.say(what);
      });
    const said = { text: ['said_disconnected', 'https://dash.example'] } as const;
    await say(said);
    expect(screen.getByRole('status').textContent).toContain(
      'https://dash.example is disconnected.',
    );
    press('Dismiss');
    expect(screen.queryByRole('status')).toBeNull();
    await say(said);
    await act(async () => {
      await pendingActions.run('other', () => Promise.resolve());
    });
    expect(screen.queryByRole('status')).toBeNull();
  });
});

it('FaultMessage names subject, fields and waiting time', () => {
  const { container } = render(
    <FaultMessage
      fault={fault('invalid_import', {
        subject: 'entry 2',
        retryAfterMs: 1500,
        fields: [{ field: 'tokenEndpoint', problem: 'url_not_https' }],
      })}
    />,
  );
  expect(container.textContent).toContain('(entry 2)');
  expect(container.textContent).toContain('tokenEndpoint: The URL must begin with https://.');
  expect(container.textContent).toContain('Wait 2 seconds');
});

it.each([
  ['Acme', 'A'],
  ['beta works ltd', 'BW'],
  ['😀 smile', '😀S'],
  ['', '?'],
])('initials of %j are %j', (name, expected) => {
  expect(initials(name)).toBe(expected);
});

describe('ConnectNotice', () => {
  const origin = 'https://dash.example' as Origin;
  it.each([
    ['connected', 'status', /^https:\/\/dash\.example is connected\./u],
    ['refused', 'status', /was not connected: the browser’s permission was refused/u],
    ['ended', 'status', /nobody is signed in any more/u],
  ] as const)('says that a page was %s', (result, role, text) => {
    const onDismiss = vi.fn();
    render(<ConnectNotice outcome={{ origin, result }} onDismiss={onDismiss} />);
    expect(screen.getByRole(role).textContent).toMatch(text);
    press('Dismiss');
    expect(onDismiss).toHaveBeenCalledOnce();
  });

  it('says why a page could not be connected, and nothing without an outcome', () => {
    const outcome = { origin, result: 'failed', fault: fault('storage_failed') } as const;
    const { container } = render(<ConnectNotice outcome={outcome} onDismiss={vi.fn()} />);
    expect(container.textContent).toContain('could not store this');
    const { container: empty } = render(<ConnectNotice outcome={undefined} onDismiss={vi.fn()} />);
    expect(empty.textContent).toBe('');
  });
});
