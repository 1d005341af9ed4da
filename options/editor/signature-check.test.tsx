// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blankDraft } from '#core/client/client-configuration.ts';
import { fault } from '#core/values/fault.ts';
import type { Diagnosis, SignedRequestView } from '#wire/views.ts';
import { press, savingWorker, type } from '../../test/support/pages/options-page.tsx';
import {
  aLink,
  baseUrl,
  button,
  openClient,
} from '../../test/support/pages/signed-client-page.tsx';
import { clientId, type FakeWorker } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

describe('Diagnostics', () => {
  const request = (part: Partial<SignedRequestView> = {}): SignedRequestView => ({
    atMs: 1_700_000_000_000,
    phase: 'temporary-credentials',
    status: 401,
    problem: 'signature_invalid',
    usedOffsetMs: 0,
    answeredOffsetMs: 2000,
    signature: {
      method: 'POST',
      baseUri: `${baseUrl}/plugins/servlet/oauth/request-token`,
      parameters: [{ name: 'oauth_consumer_key', value: 'threelo' }],
      baseString: 'POST&https%3A%2F%2Fexample.com%2Fjira&oauth_consumer_key%3Dthreelo',
      baseStringLength: 66,
    },
    ...part,
  });
  const answers = (diagnosis: Diagnosis) => worker.answer('client.diagnose', () => diagnosis);
  const check = () => press('Check the signature');

  it('shows why the server refused, and what was signed', async () => {
    const refused = fault('client_rejected', { subject: 'signature_invalid' });
    answers({ requests: [request()], hasCalled: false, fault: refused });
    await openClient(worker);
    await check();
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(
      /^The server calculated a different signature for the same request/u,
    );
    expect(alert.textContent).toContain('(signature_invalid)');
    expect(alert.textContent).not.toContain('client secret');
    expect(screen.getByText(/^POST&https%3A%2F%2Fexample\.com/u)).toBeDefined();
    expect(screen.getByText('oauth_consumer_key').closest('dt')).not.toBeNull();
    expect(screen.getByRole('heading', { level: 3 }).textContent).toMatch(/^Request token · /u);
    expect(screen.getByText(/^The server responded with 401\./u).textContent).not.toContain(
      'clock',
    );
  });

  it.each([
    [-5000, 'The server’s clock is behind by 5 seconds.'],
    [90_000, 'The server’s clock is ahead by 90 seconds.'],
    [600_000, 'The server’s clock is ahead by 10 minutes.'],
    [-7_200_000, 'The server’s clock is behind by 2 hours.'],
    [86_400_000 * 365, 'The server’s clock is ahead by 365 days.'],
    [undefined, ''],
  ])('shows the difference of a clock that is off by %s ms', async (answeredOffsetMs, words) => {
    answers({ requests: [request({ answeredOffsetMs })], hasCalled: false });
    await openClient(worker);
    await check();
    const line = await screen.findByText(/^The server responded with 401\./u);
    expect(line.textContent).toBe(`The server responded with 401. signature_invalid ${words}`);
  });

  it('shows which signatures were accepted', async () => {
    answers({ requests: [], hasCalled: true });
    await openClient(worker);
    await check();
    expect(await screen.findByText(/ and the signature of a call\.$/u)).toBeDefined();
    answers({ requests: [], hasCalled: false });
    await check();
    expect(await screen.findByText(/Sign in to check a call too\.$/u)).toBeDefined();
    cleanup();
    await openClient(worker, aLink({ ...blankDraft('oauth1'), name: 'Photos' }));
    await check();
    expect(await screen.findByText(/No call is sent for a provider of this type/u)).toBeDefined();
  });

  it('requests the host permissions first, within the click', async () => {
    const done: string[] = [];
    const requestHostPatterns = (patterns: readonly string[]): Promise<boolean> => {
      done.push(...patterns);
      return Promise.resolve(true);
    };
    worker.answer('client.diagnose', () => {
      done.push('sent');
      return { requests: [], hasCalled: false };
    });
    const missingHostPatternsOf = { [clientId]: ['https://example.com/*'] };
    await openClient(worker, aLink(), { missingHostPatternsOf }, { requestHostPatterns });
    fireEvent.click(button('Check the signature'));
    expect(done).toEqual(['https://example.com/*']);
    await screen.findByText(/^The server accepted the signature/u);
    expect(done).toEqual(['https://example.com/*', 'sent']);
  });

  it('shows a fault of the check itself', async () => {
    worker.refuse('client.diagnose', 'permission_missing', { subject: 'https://example.com/*' });
    await openClient(worker);
    await check();
    expect((await screen.findByRole('alert')).textContent).toContain(
      'does not allow Threelo to access a host',
    );
  });

  it('is disabled until the changes are saved', async () => {
    await openClient(worker);
    expect(button('Check the signature').disabled).toBe(false);
    type('Name', 'Another');
    await waitFor(() => expect(button('Check the signature').disabled).toBe(true));
    expect(screen.getByText('Save first: the check uses the saved client.')).toBeDefined();
  });
});
