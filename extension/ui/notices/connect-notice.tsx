import type { ConnectOutcomeView } from '#wire/list-views.ts';
import { Button } from '../controls/button.tsx';
import { Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { t, type MessageKey } from '../i18n.ts';
import { FaultMessage } from './fault-message.tsx';

interface ConnectNoticeProps {
  readonly outcome: ConnectOutcomeView | undefined;
  readonly onDismiss: () => void;
}

/** What came of connecting a page, for the popup that opens after the browser's prompt; renders nothing without an outcome. */
export function ConnectNotice({ outcome, onDismiss }: ConnectNoticeProps) {
  if (outcome === undefined) return null;
  const { origin, result, fault } = outcome;
  const isDone = result === 'connected' || result === 'changed';
  return (
    <Notice
      tone={isDone ? 'info' : 'warn'}
      actions={<Button onClick={onDismiss}>{t('dismiss')}</Button>}
    >
      <p>
        <Sentence of={textOf(outcome)} names={[origin]} />
      </p>
      {fault === undefined ? null : <FaultMessage fault={fault} />}
    </Notice>
  );
}

function textOf({ result, isChange }: ConnectOutcomeView): MessageKey {
  const isUnchanged = isChange === true && (result === 'ended' || result === 'failed');
  return isUnchanged ? `connect_outcome_${result}_change` : `connect_outcome_${result}`;
}
