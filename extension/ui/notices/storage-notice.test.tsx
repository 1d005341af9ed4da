// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fault, type Fault, type StoredThing } from '#core/values/fault.ts';
import { FaultMessage } from './fault-message.tsx';
import { StorageNotice, storageProblems } from './storage-notice.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

describe('StorageNotice', () => {
  const show = (...faults: Fault[]) => {
    const onForget = vi.fn();
    const copyText = vi.fn(() => Promise.resolve(true));
    const { container } = render(
      storageProblems(faults).map((problem) => (
        <StorageNotice key={problem.id} problem={problem} onForget={onForget} copyText={copyText} />
      )),
    );
    return { container, copyText, onForget };
  };
  const damaged = (subject: string, thing: StoredThing, fields: Fault['fields'] = []) =>
    fault('storage_damaged', { subject, things: [thing], fields });

  it.each([
    ['client:1', { kind: 'client', name: 'Team' }, 'Damaged: the client Team', 'Add it again'],
    ['client:1', { kind: 'client' }, 'Damaged: a client', 'Add it again'],
    ['session:1', { kind: 'session', name: 'Ada' }, 'Damaged: the session of Ada', 'Sign in again'],
    [
      'grant:https://dash.example',
      { kind: 'connection', name: 'https://dash.example' },
      'Damaged: the connection of https://dash.example',
      'Connect it again',
    ],
  ] as const)('says of %s what it is and what to do, and no key', (key, thing, title, meaning) => {
    const { container, onForget } = show(damaged(key, thing));
    expect(container.textContent).toContain(title);
    expect(container.textContent).toContain(meaning);
    expect(container.textContent).not.toContain(key);
    press('Remove');
    expect(onForget).toHaveBeenCalledExactlyOnceWith([key]);
  });

  it('shows several damaged things in one notice where space is small, and the settings in one of their own', () => {
    const faults = [
      damaged('client:1', { kind: 'client', name: 'Team' }),
      damaged('session:1', { kind: 'session' }),
      damaged('settings', { kind: 'settings' }),
    ];
    const onForget = vi.fn();
    const { container } = render(
      storageProblems(faults, true).map((problem) => (
        <StorageNotice key={problem.id} problem={problem} onForget={onForget} copyText={vi.fn()} />
      )),
    );
    expect(container.textContent).toContain('Damaged: the client Team and a session');
    for (const button of screen.getAllByRole('button', { name: 'Remove' })) fireEvent.click(button);
    expect(onForget.mock.calls).toEqual([[['client:1', 'session:1']], [['settings']]]);
  });

  it('names the settings that are not valid', () => {
    const fields = [{ field: 'clockSkewSeconds', problem: 'number_out_of_range' }] as const;
    const { container } = show(damaged('settings', { kind: 'settings' }, fields));
    expect(container.textContent).toContain('their defaults are in effect: Clock difference.');
  });

  it('names what was restored, and counts what are many', () => {
    const things = Array.from(
      { length: 7 },
      (_, at) => ({ kind: 'client', name: `C${at}` }) as const,
    );
    const { container, onForget } = show(fault('storage_restored', { things }));
    expect(container.textContent).toContain(
      'Restored: the client C0, the client C1, the client C2, the client C3, the client C4, and 2 more',
    );
    press('Dismiss');
    expect(onForget).toHaveBeenCalledExactlyOnceWith(['restored']);
  });

  it('shows one notice for all that could not be stored, which cannot be removed', () => {
    const failed = (subject: string, thing: StoredThing) =>
      fault('storage_failed', { subject, things: [thing] });
    const { container } = show(
      failed('session:1', { kind: 'session', name: 'Ada' }),
      failed('IndexedDB', { kind: 'mirror' }),
    );
    expect(container.textContent).toContain(
      'Affected: the session of Ada and the second copy of all stored data',
    );
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Remove' })).toBeNull();
  });

  it('copies the details for a report, and says so', async () => {
    const fields = [{ field: 'sites', problem: 'malformed' }] as const;
    const { copyText } = show(damaged('session:1', { kind: 'session' }, fields));
    press('Copy details');
    expect(copyText).toHaveBeenCalledExactlyOnceWith('storage_damaged session:1 sites: malformed');
    expect(await screen.findByText('Copied')).toBeDefined();
  });
});

it.each(['session:1', 'grant:https://dash.example', 'settings', 'schema'])(
  'FaultMessage does not show the key %s',
  (subject) => {
    const { container } = render(<FaultMessage fault={fault('storage_damaged', { subject })} />);
    expect(container.textContent).not.toContain(subject);
  },
);
