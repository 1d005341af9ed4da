// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { ada, aClient, clientId, sessionId } from '../../../test/support/samples/ui-views.ts';
import { MissingScopes } from './missing-scopes.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

function show(client: Parameters<typeof MissingScopes>[0]['client'], isFlowRunning = false) {
  const addScopesAndSignIn = vi.fn(() => Promise.resolve());
  const { container } = render(
    <MissingScopes
      purpose="write"
      scopes={['write:jira-work']}
      sessionId={sessionId}
      account={ada}
      client={client}
      actions={{ addScopesAndSignIn }}
      isFlowRunning={isFlowRunning}
    />,
  );
  return { addScopesAndSignIn, container };
}

it('names the account and the scopes, and adds them with one click', () => {
  const { addScopesAndSignIn, container } = show(aClient());
  expect(container.textContent).toContain(
    'Ada Lovelace: The sign-in has no scope for writing. Missing: write:jira-work',
  );
  expect(container.querySelector('bdi')?.textContent).toBe('Ada Lovelace');
  expect(screen.getByRole('link').getAttribute('href')).toContain('developer.atlassian.com');
  fireEvent.click(screen.getByRole('button', { name: 'Add and sign in again' }));
  expect(addScopesAndSignIn).toHaveBeenCalledWith(clientId, ['write:jira-work'], sessionId);
});

it('says nothing of adding what the client requests already', () => {
  show(aClient({ scopes: ['write:jira-work'] }));
  expect(screen.getByRole('button').textContent).toBe('Sign in again');
  expect(screen.queryByRole('link')).toBeNull();
});

it('starts no second sign-in', () => {
  show({ id: clientId, type: 'atlassian-cloud' }, true);
  expect(screen.getByRole<HTMLButtonElement>('button').disabled).toBe(true);
});
