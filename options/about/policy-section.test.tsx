// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, render, screen, within } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import type { PolicyView } from '#wire/about-view.ts';
import { PolicySection } from './policy-section.tsx';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

const policy: PolicyView = {
  appliedAtMs: 1_700_000_000_000,
  clientCount: 2,
  pageCount: 10_000,
  blockedCount: 1,
  settings: ['activityLog'],
  pointsPerHour: 5000,
  updateText: 'Ask the help desk.',
  problems: [{ field: '/connectedPages/3/origin', problem: 'repeated' }],
  problemCount: 1,
};

it('shows what the policy sets, its text, and each problem with its path', () => {
  render(<PolicySection policy={policy} />);
  const section = screen.getByRole('region', { name: 'Your organization’s policy' });
  expect(section.textContent).toContain('Managed by your organization');
  expect(section.textContent).toContain('Ask the help desk.');
  expect(section.textContent).toContain('10,000');
  expect(section.textContent).toContain('Record what pages do');
  within(section).getByRole('heading', { name: '1 member is not valid and not applied' });
  expect(within(section).getByRole('listitem').textContent).toBe(
    '/connectedPages/3/origin An earlier entry has the same value.',
  );
});

it('says that everything is valid', () => {
  render(<PolicySection policy={{ ...policy, problems: [], problemCount: 0 }} />);
  screen.getByText('Everything in it is valid and applied.');
  expect(screen.queryByRole('listitem')).toBeNull();
});
