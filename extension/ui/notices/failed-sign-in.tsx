import type { FlowView } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { CopyableText } from '../controls/copyable-text.tsx';
import { Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';
import type { FlowActions, RefusedSignIn } from '../state/flow-actions.ts';
import { FaultMessage } from './fault-message.tsx';
import { isFaultOfClient, signInCauses } from './sign-in-causes.ts';

interface FailedSignInProps {
  readonly flow: FlowView;
  readonly actions: FlowActions;
}

/** Why a sign-in failed, what to check, and the buttons that go on. */
export function FailedSignIn({ flow, actions }: FailedSignInProps) {
  const isOfClient = isFaultOfClient(flow.fault?.code);
  const again = () => void actions.signIn(flow.clientId, flow.renews);
  const check = () => {
    actions.showClient(flow.clientId);
  };
  return (
    <Notice
      tone="error"
      actions={
        <>
          {isOfClient ? (
            <Button kind="primary" onClick={check}>
              {t('check_client')}
            </Button>
          ) : null}
          <Button kind={isOfClient ? 'plain' : 'primary'} onClick={again}>
            {t('try_again')}
          </Button>
          {isOfClient ? null : <Button onClick={check}>{t('check_client')}</Button>}
          <Button onClick={() => void actions.dismissSignIn()}>{t('dismiss')}</Button>
        </>
      }
    >
      <p>
        <strong>
          <Sentence of="flow_failed" names={[flow.clientName]} />
        </strong>
      </p>
      {flow.fault === undefined ? null : <FaultMessage fault={flow.fault} />}
      <Causes flow={flow} actions={actions} />
    </Notice>
  );
}

/** A sign-in that the person cancelled. They know why. */
export function CancelledSignIn({ flow, actions }: FailedSignInProps) {
  return (
    <Notice
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
        <Sentence of="flow_cancelled" names={[flow.clientName]} />
      </p>
    </Notice>
  );
}

/** The list of likely causes. Threelo cannot see what the page in the window showed, so the person compares. */
function Causes({ flow, actions }: FailedSignInProps) {
  const code = flow.fault?.code;
  const causes = signInCauses(code, flow.clientType);
  if (causes.length === 0) return null;
  return (
    <>
      <p>{t(code === 'flow_closed' ? 'causes_after_closing' : 'causes_after_refusal')}</p>
      <ul class="causes">
        {causes.map(([cause, text]) => (
          <li key={cause}>
            {t(text)}
            {cause === 'callback' ? (
              <CopyableText
                id="failed-callback-url"
                label={t('callback_url')}
                value={flow.redirectUri}
                placeholder=""
                copyText={actions.copyText}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}

interface RefusedHostsProps {
  readonly refused: RefusedSignIn;
  readonly actions: FlowActions;
}

/** A sign-in that did not start, because the browser does not allow its hosts. */
export function RefusedHosts({ refused, actions }: RefusedHostsProps) {
  const { clientId, clientName, patterns, sessionId } = refused;
  return (
    <Notice
      tone="error"
      actions={
        <>
          <Button kind="primary" onClick={() => void actions.signIn(clientId, sessionId)}>
            {t('allow_and_sign_in')}
          </Button>
          <Button onClick={() => void actions.dismissSignIn()}>{t('dismiss')}</Button>
        </>
      }
    >
      <p>
        <strong>
          <Sentence of="hosts_refused" names={[clientName]} />
        </strong>
      </p>
      <p>{t('hosts_refused_text')}</p>
      <ul>
        {patterns.map((pattern) => (
          <li key={pattern}>
            <code>{pattern}</code>
          </li>
        ))}
      </ul>
      <p class="muted small">{t('hosts_refused_hint')}</p>
    </Notice>
  );
}
