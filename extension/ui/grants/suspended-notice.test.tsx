// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { aGrant } from '../../../test/support/samples/ui-views.ts';
import { hasEffect, SuspendedNotice } from './suspended-notice.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

it('a paused connection is resumed, before its permission is asked for', () => {
  const onResume = vi.fn();
  const grant = aGrant({ isPaused: true, hasHostPermission: false });
  expect(hasEffect({ ...grant, hasHostPermission: true })).toBe(false);
  render(<SuspendedNotice grant={grant} onAllow={vi.fn()} onResume={onResume} />);
  expect(screen.queryByRole('button', { name: 'Allow again' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
  expect(onResume).toHaveBeenCalledOnce();
});
