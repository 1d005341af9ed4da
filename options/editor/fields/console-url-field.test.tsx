// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { profileOf } from '#core/provider/provider-profile.ts';
import {
  beginClient,
  savedClient,
  savingWorker,
  showOptions,
  type,
  valueOf,
} from '../../../test/support/pages/options-page.tsx';
import { anOverview, clientId, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

describe('the authorization URL of a developer console', () => {
  const label = 'Authorization URL';
  const url = (host: string, rest = '') =>
    `https://auth.${host}/authorize?audience=api.${host}&client_id=from-console&scope=read%3Ame%20read%3Ajira-work${rest}` +
    '&redirect_uri=https%3A%2F%2Fx.example&state=${YOUR_USER_BOUND_VALUE}&response_type=code&prompt=consent';

  it('fills in client ID and scopes, and keeps offline_access', async () => {
    await beginClient(worker, 'atlassian-cloud');
    type(label, url('atlassian.com', '&novelty=1'));
    expect(await screen.findByText(/the client ID and 2 scopes/u)).toBeDefined();
    expect(screen.getByText('Not used: novelty.')).toBeDefined();
    expect(valueOf('Client ID')).toBe('from-console');
    expect(await savedClient(worker)).toMatchObject({
      type: 'atlassian-cloud',
      clientId: 'from-console',
      scopes: ['read:me', 'read:jira-work', 'offline_access'],
    });
  });

  it('chooses the type of its cloud', async () => {
    await beginClient(worker, 'atlassian-cloud');
    type(label, url('atlassian-us-gov-mod.com'));
    await waitFor(() => expect(valueOf('Type')).toBe('atlassian-gov-cloud'));
    expect(valueOf(label)).toContain('from-console');
    expect(await savedClient(worker)).toMatchObject({
      type: 'atlassian-gov-cloud',
      clientId: 'from-console',
      tokenEndpoint: profileOf('atlassian-gov-cloud').tokenEndpoint,
    });
  });

  it('shows the problem at the field and changes nothing', async () => {
    await beginClient(worker, 'atlassian-cloud');
    type(label, 'https://developer.atlassian.com/console/myapps/1/authorization');
    expect(await screen.findByText(/URL of the console itself/u)).toBeDefined();
    expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBe('true');
    expect(valueOf('Client ID')).toBe('abc');
    type(label, '');
    await waitFor(() =>
      expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBeNull(),
    );
  });

  it('has no field for other types, nor for a saved client', async () => {
    await beginClient(worker, 'generic');
    expect(screen.queryByLabelText(label)).toBeNull();
    cleanup();
    await showOptions(worker, anOverview(), `#/clients/${clientId}`);
    expect(screen.queryByLabelText(label)).toBeNull();
  });
});
