import { signal } from '@preact/signals';
import { expect, test, vi } from 'vitest';
import { blankDraft } from '#core/client/client-configuration.ts';
import type { Send } from '#wire/send.ts';
import { createEditorStore } from './editor-store.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));

test('the callback URL of another endpoint is not shown while the new one is requested', async () => {
  const answers = new Map<string, (uri: string) => void>();
  const send = ((_: string, { authorizationEndpoint }: { authorizationEndpoint: string }) =>
    new Promise((resolve) => {
      answers.set(authorizationEndpoint, (redirectUri) => {
        resolve({ redirectUri });
      });
    })) as unknown as Send;
  const editor = createEditorStore({
    send,
    hostPattern: (origin) => `${origin}/*`,
    requestHostPatterns: () => Promise.resolve(true),
    start: blankDraft('generic'),
    clients: signal([]),
  });
  const answer = async (endpoint: string, uri: string): Promise<void> => {
    answers.get(endpoint)?.(uri);
    await Promise.resolve();
    await Promise.resolve();
  };
  editor.set({ authorizationEndpoint: 'https://one.example/a' });
  expect(editor.redirectUri.value).toBeUndefined();
  await answer('https://one.example/a', 'https://id.test/one');
  expect(editor.redirectUri.value).toBe('https://id.test/one');

  editor.set({ authorizationEndpoint: 'https://two.example/a' });
  expect(editor.redirectUri.value).toBeUndefined();
  editor.set({ authorizationEndpoint: 'https://three.example/a' });
  await answer('https://two.example/a', 'https://id.test/two');
  expect(editor.redirectUri.value).toBeUndefined();
  await answer('https://three.example/a', 'https://id.test/three');
  expect(editor.redirectUri.value).toBe('https://id.test/three');
});
