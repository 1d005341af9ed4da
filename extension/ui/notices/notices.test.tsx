// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fault } from '#core/values/fault.ts';
import type { FlowView } from '#wire/views.ts';
import {
  ada,
  anOverview,
  clientId,
  otherSessionId,
  sessionId,
} from '../../../test/support/samples/ui-views.ts';
import { initials } from '../controls/avatar.tsx';
import { createPendingActions } from '../state/pending-actions.ts';
import { Banners } from './banners.tsx';
import { FaultMessage } from './fault-message.tsx';
import { FlowNotice } from './flow-notice.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const actions = () => ({
  signIn: vi.fn(async () => {}),
  cancelSignIn: vi.fn(async () => {}),
  showSignIn: vi.fn(async () => {}),
  dismissSignIn: vi.fn(async () => {}),
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
          forgetDamaged,
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
