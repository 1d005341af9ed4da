// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  beginClient,
  press,
  pressEnabled,
  savedClient,
  savingWorker,
  type,
  valueOf,
} from '../../test/support/pages/options-page.tsx';
import type { FakeWorker } from '../../test/support/samples/ui-views.ts';
import type { OptionsPorts } from '../state/store.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = savingWorker();
});

const issuer = 'https://id.example';
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  userinfo_endpoint: 'http://id.example/me',
  code_challenge_methods_supported: ['S256'],
  scopes_supported: ['openid', 'email'],
  authorization_response_iss_parameter_supported: true,
};

/** A new client of the generic type; `asked` are the requested host patterns. */
async function begin(part: Partial<OptionsPorts> = {}): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  const requestHostPatterns = (patterns: readonly string[]) => {
    asked.push(...patterns);
    return Promise.resolve(true);
  };
  await beginClient(worker, 'generic', { requestHostPatterns, ...part });
  return { asked };
}
async function discover(typed: string): Promise<void> {
  type('Issuer URL', typed);
  await pressEnabled('Discover');
}

describe('Discover', () => {
  it('requests the host permission first, and fills in the metadata of the provider', async () => {
    worker.answer('client.discover', () => ({ metadata }));
    const { asked } = await begin();
    await discover(` ${issuer}/ `);
    expect(
      await screen.findByText(/Filled in from the metadata of https:\/\/id\.example:/u),
    ).toBeDefined();
    expect(asked).toEqual([`${issuer}/*`]);
    expect(worker.bodies('client.discover')).toEqual([{ issuer: `${issuer}/` }]);
    expect(valueOf('Token endpoint')).toBe(metadata.token_endpoint);
    const client = await savedClient(worker);
    expect(client).toMatchObject({
      issuer,
      authorizationEndpoint: metadata.authorization_endpoint,
      tokenEndpoint: metadata.token_endpoint,
      revocationEndpoint: metadata.revocation_endpoint,
      clientAuthentication: 'basic',
      isIssuerInResponses: true,
      scopes: metadata.scopes_supported,
    });
    expect(client).not.toHaveProperty('userinfoEndpoint');
  });

  it('requests the permission within the click, before anything is sent', async () => {
    const requestHostPatterns = vi.fn(() => new Promise<boolean>(() => {}));
    await begin({ requestHostPatterns });
    await discover(issuer);
    expect(requestHostPatterns).toHaveBeenCalledExactlyOnceWith([`${issuer}/*`]);
    expect(worker.bodies('client.discover')).toEqual([]);
  });

  it('keeps the scopes that were chosen', async () => {
    worker.answer('client.discover', () => ({ metadata }));
    await begin();
    type('Add scope', 'read:me');
    await press('Add');
    await discover(issuer);
    await screen.findByText(/Filled in from the metadata/u);
    expect(screen.getByText('1 scope')).toBeDefined();
  });

  it('shows the problem at the field, and changes nothing', async () => {
    worker.answer('client.discover', () => ({ problem: 'issuer_mismatch' }));
    await begin();
    await discover(issuer);
    expect(await screen.findByText(/belongs to another issuer/u)).toBeDefined();
    expect(screen.getByLabelText('Issuer URL').getAttribute('aria-invalid')).toBe('true');
    expect(valueOf('Token endpoint')).toBe('');
  });

  it('shows that the metadata names an endpoint to which no secret may be sent', async () => {
    const token_endpoint = 'http://id.example/token';
    worker.answer('client.discover', () => ({ metadata: { ...metadata, token_endpoint } }));
    await begin();
    await discover(issuer);
    await waitFor(() =>
      expect(screen.getByLabelText('Issuer URL').getAttribute('aria-invalid')).toBe('true'),
    );
    expect(valueOf('Token endpoint')).toBe('');
  });

  it('requests no permission for http unless http is allowed', async () => {
    const { asked } = await begin();
    await discover('http://id.example');
    expect(await screen.findByText(/The issuer URL must begin with https/u)).toBeDefined();
    expect([asked, worker.bodies('client.discover')]).toEqual([[], []]);
  });

  it('reports a missing host permission', async () => {
    worker.refuse('client.discover', 'permission_missing', { subject: `${issuer}/*` });
    await begin({ requestHostPatterns: () => Promise.resolve(false) });
    await discover(issuer);
    expect((await screen.findByText(`${issuer}/*`)).closest('[role=alert]')).not.toBeNull();
  });

  it('drops a response for an issuer that was changed meanwhile', async () => {
    let tell: (answer: unknown) => void = () => {};
    const answer = new Promise((resolve) => {
      tell = resolve;
    });
    worker.answer('client.discover', () => answer);
    await begin();
    await discover(issuer);
    type('Issuer URL', 'https://other.example');
    tell({ metadata });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Discover' }).getAttribute('aria-busy')).toBe(
        'false',
      ),
    );
    expect(valueOf('Token endpoint')).toBe('');
  });
});
