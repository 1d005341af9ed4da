import type { Fault } from '#core/values/fault.ts';
import type { FlowView } from '#wire/views.ts';
import { accountText } from '../account-text.ts';
import { Button } from '../controls/button.tsx';
import { Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';
import type { FlowActions, RefusedSignIn } from '../state/flow-actions.ts';
import { CancelledSignIn, FailedSignIn, RefusedHosts } from './failed-sign-in.tsx';
import { FaultMessage } from './fault-message.tsx';

interface FlowNoticeProps {
  readonly flow: FlowView | undefined;
  readonly actions: FlowActions;
}

/** The state of the sign-in: refused, running, failed or succeeded. */
export function FlowNotice({ flow, actions }: FlowNoticeProps) {
  const refused = actions.refusedSignIn.value;
  if (refused !== undefined) return <RefusedHosts refused={refused} actions={actions} />;
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
          <p class="muted small">
            <Sentence of="flow_waiting_hint" names={[flow.clientName]} />
          </p>
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
      if (flow.fault?.code === 'permission_missing')
        return <RefusedHosts refused={refusedBy(flow, flow.fault)} actions={actions} />;
      if (flow.isCancelled === true) return <CancelledSignIn flow={flow} actions={actions} />;
      return <FailedSignIn flow={flow} actions={actions} />;
    case 'succeeded':
      return <SucceededFlow flow={flow} actions={actions} />;
  }
}

/** Nothing once the session has ended: it is no longer true then. */
function SucceededFlow({ flow, actions }: { flow: FlowView; actions: FlowActions }) {
  const { account, renewedAccount, sessionId, renews, fault } = flow;
  if (account === undefined) return null;
  const isOther = renewedAccount !== undefined && renews !== sessionId;
  return (
    <Notice
      tone={fault === undefined && !isOther ? 'info' : 'warn'}
      actions={<Button onClick={() => void actions.dismissSignIn()}>{t('dismiss')}</Button>}
    >
      <p>
        <Sentence of="flow_succeeded_as" names={[accountText(account)]} />
      </p>
      {isOther ? (
        <p>
          <Sentence of="flow_other_account" names={[accountText(renewedAccount)]} />
        </p>
      ) : null}
      {fault === undefined ? null : <FaultMessage fault={fault} />}
    </Notice>
  );
}

/** The sign-in whose prompt was denied after it had closed the page that began it. */
function refusedBy({ clientId, clientName, renews }: FlowView, { subject }: Fault): RefusedSignIn {
  const patterns = subject?.split(' ') ?? [];
  return { clientId, clientName, patterns, ...(renews === undefined ? {} : { sessionId: renews }) };
}
