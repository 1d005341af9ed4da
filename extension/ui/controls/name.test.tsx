// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { t } from '../i18n.ts';
import { initials } from './avatar.tsx';
import { Name, Names, Sentence } from './name.tsx';

vi.mock('../../browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const hostile = 'Acme\u202E moc';

it('a name is isolated, and characters that are not seen are shown by their number', () => {
  const { container } = render(<Name text={hostile} />);
  const isolated = container.querySelector('bdi');
  expect(isolated?.textContent).toBe('AcmeU+202E moc');
  expect(isolated?.querySelector('code.hidden-character')?.textContent).toBe('U+202E');
});

it('each name in a sentence is isolated, whatever it contains', () => {
  const { container } = render(<Sentence of="flow_succeeded_as" names={['$1 \uE0000\uE000']} />);
  expect(container.querySelector('bdi')?.textContent).toBe('$1 \uE0000\uE000');
  expect(container.textContent).toBe('Signed in as $1 \uE0000\uE000.');
  const { container: listed } = render(
    <Sentence of="clients_imported" names={[<Names key="names" of={['Ada', hostile]} />]} />,
  );
  expect(listed.querySelectorAll('bdi')).toHaveLength(2);
  expect(listed.textContent).toContain('Ada and AcmeU+202E moc');
});

it('a text for an attribute or an option has no such characters', () => {
  expect(t('flow_succeeded_as', hostile)).toBe('Signed in as Acme‹U+202E› moc.');
});

it('initials are letters that are seen', () => {
  expect(initials('\u202EAcme \u200Bworks')).toBe('AW');
});
