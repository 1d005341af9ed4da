// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFocus } from './keep-focus.ts';

const names = signal<readonly string[]>([]);
const isBusy = signal(false);
const isNoticeShown = signal(true);
const view = signal<'list' | 'none' | 'other'>('list');

function Page() {
  if (view.value === 'none') return <main />;
  if (view.value === 'other')
    return (
      <main>
        <h1>Other view</h1>
      </main>
    );
  return (
    <main>
      <h1>Pages</h1>
      {isNoticeShown.value ? (
        <div>
          <button type="button">Dismiss</button>
        </div>
      ) : null}
      <section>
        <h2>List</h2>
        <ul>
          {names.value.map((name) => (
            <li key={name}>
              <button type="button">Edit</button>
              <button type="button" aria-label={`Forget ${name}`}>
                Forget
              </button>
            </li>
          ))}
        </ul>
        <button type="button" disabled={isBusy.value}>
          Refresh
        </button>
      </section>
    </main>
  );
}

let end: () => void;
beforeEach(() => {
  names.value = ['a', 'b', 'c'];
  isBusy.value = false;
  isNoticeShown.value = true;
  view.value = 'list';
  end = keepFocus(document);
  render(<Page />);
});
afterEach(() => {
  end();
  cleanup();
});

const button = (name: string) => screen.getByRole('button', { name });
const heading = (name: string) => screen.getByRole('heading', { name });
const focused = (element: () => Element) =>
  waitFor(() => expect(document.activeElement).toBe(element()));

it('the same control of the next item gets the focus of an item that is removed, then of the last one, then the heading', async () => {
  button('Forget b').focus();
  names.value = ['a', 'c'];
  await focused(() => button('Forget c'));
  names.value = ['a'];
  await focused(() => button('Forget a'));
  names.value = [];
  await focused(() => heading('List'));
});

it('the heading of the region gets the focus of a notice that is dismissed', async () => {
  button('Dismiss').focus();
  isNoticeShown.value = false;
  await focused(() => heading('Pages'));
});

it('a button that is disabled while it works gets the focus back', async () => {
  button('Refresh').focus();
  isBusy.value = true;
  await focused(() => heading('List'));
  isBusy.value = false;
  await focused(() => button('Refresh'));
});

it('a button that was disabled does not take the focus from what the person chose meanwhile', async () => {
  button('Refresh').focus();
  isBusy.value = true;
  await focused(() => heading('List'));
  button('Forget a').focus();
  isBusy.value = false;
  await waitFor(() => expect(button('Refresh').matches(':disabled')).toBe(false));
  expect(document.activeElement).toBe(button('Forget a'));
});

it('the heading of the next view gets the focus, also when that view has to load', async () => {
  button('Forget a').focus();
  view.value = 'none';
  await focused(() => screen.getByRole('main'));
  view.value = 'other';
  await focused(() => heading('Other view'));
});

it('an element that the person left by a click beside it does not get the focus again', async () => {
  button('Forget a').focus();
  button('Forget a').blur();
  fireEvent.mouseUp(document.body);
  names.value = ['b'];
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1));
  expect(document.activeElement).toBe(document.body);
});

it('nothing gets the focus while nobody had it', async () => {
  names.value = [];
  await waitFor(() => expect(screen.queryByRole('listitem')).toBeNull());
  expect(document.activeElement).toBe(document.body);
});
