import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import type { AskView } from '#wire/views.ts';
import { anAsk } from '../../test/support/samples/ui-views.ts';
import { createAnswer } from './question-answer.ts';

it('proposes again what has changed while it is shown, and keeps what else was chosen', () => {
  const ask = signal<AskView | undefined>();
  const answer = createAnswer(ask);
  const show = (part: Partial<AskView>): void => {
    const asked = { ...anAsk(), access: 'read' as const, ...part };
    answer.adapt(asked);
    ask.value = asked;
  };
  show({ duration: 'always' });
  answer.chooseAccess('write');
  expect(answer.allowed([])).toMatchObject({ access: 'write', duration: 'always' });
  const paths = ['/rest/'];
  show({ duration: 'session', paths, grantedPaths: paths });
  expect(answer.allowed([])).toMatchObject({ access: 'write', duration: 'session', paths });
  answer.chooseEveryPath(true);
  show({ duration: 'session', paths, grantedPaths: paths });
  expect(answer.allowed([])).not.toHaveProperty('paths');
});
