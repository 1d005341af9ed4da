import type { FlowView } from '#wire/views.ts';
import { accountText } from '../account-text.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';
import type { FlowActions } from '../state/flow-actions.ts';
import { FaultMessage } from './fault-message.tsx';

interface FlowNoticeProps {
  readonly flow: FlowView | undefined;
  readonly actions: FlowActions;
}

/** The state of the sign-in: running, failed or succeeded. */
export function FlowNotice({ flow, actions }: FlowNoticeProps) {
  switch (flow?.state) {
    case undefined:
      return null;
    case 'waiting':
      return (
        <Notice
          actions={
            <>
              <Button onClick={() => void actions.showSignIn()}>{t('show_window')}</Button>
              <Button onClick={() => void actions.cancelSignIn()}>{t('cancel')}</Button>
            </>
          }
        >
          <p>{t('flow_waiting')}</p>
          <p class="muted small">{t('flow_waiting_hint', flow.clientName)}</p>
        </Notice>
      );
    case 'exchanging':
      return (
        <Notice
          actions={<Button onClick={() => void actions.cancelSignIn()}>{t('cancel')}</Button>}
        >
          <p>{t('flow_exchanging')}</p>
        </Notice>
      );
    case 'failed':
      return <FailedFlow flow={flow} actions={actions} />;
    case 'succeeded':
      return <SucceededFlow flow={flow} actions={actions} />;
  }
}

function FailedFlow({ flow, actions }: { flow: FlowView; actions: FlowActions }) {
  return (
    <Notice
      tone="error"
      actions={
        <>
          <Button onClick={() => void actions.signIn(flow.clientId, flow.renews)}>
            {t('try_again')}
          </Button>
          <Button onClick={() => void actions.dismissSignIn()}>{t('dismiss')}</Button>
        </>
      }
    >
      <p>
        <strong>{t('flow_failed', flow.clientName)}</strong>
      </p>
      {flow.fault === undefined ? null : <FaultMessage fault={flow.fault} />}
    </Notice>
  );
}

function SucceededFlow({ flow, actions }: { flow: FlowView; actions: FlowActions }) {
  const { account, renewedAccount } = flow;
  const isOther =
    account !== undefined && renewedAccount !== undefined && flow.renews !== flow.sessionId;
  return (
    <Notice
      tone={flow.fault === undefined && !isOther ? 'info' : 'warn'}
      actions={<Button onClick={() => void actions.dismissSignIn()}>{t('dismiss')}</Button>}
    >
      <p>
        {account === undefined
          ? t('flow_succeeded', flow.clientName)
          : t('flow_succeeded_as', accountText(account))}
      </p>
      {isOther ? <p>{t('flow_other_account', accountText(renewedAccount))}</p> : null}
      {flow.fault === undefined ? null : <FaultMessage fault={flow.fault} />}
    </Notice>
  );
}
