import { useMemo } from 'preact/hooks';
import { profileOf } from '#core/provider/provider-profile.ts';
import { Button } from '#ui/controls/button.tsx';
import { CodeFact } from '#ui/controls/code-fact.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { dateTime, t, timeSpan } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ClientView, Diagnosis, SignedRequestView } from '#wire/views.ts';
import type { OptionsStore } from '../../state/store.ts';
import { createSignatureCheck } from '../signature-check.ts';

interface SignatureCheckViewProps {
  readonly client: ClientView;
  readonly store: OptionsStore;
  /** Whether the form has unsaved changes; the check uses the saved client. */
  readonly isDirty: boolean;
}

/** Diagnostics of OAuth 1.0a, for a server that refuses signatures. */
export function SignatureCheckView({ client, store, isDirty }: SignatureCheckViewProps) {
  const check = useMemo(() => createSignatureCheck(store.signatureChecks, client.id), [client.id]);
  const { isRunning, diagnosis, fault, run } = check;
  return (
    <Disclosure title={t('diagnostics')} isNeeded={diagnosis.value !== undefined}>
      <p class="muted small">{t(isDirty ? 'diagnostics_unsaved' : 'diagnostics_hint')}</p>
      <div class="row">
        <Button aria-busy={isRunning.value} disabled={isDirty} onClick={() => void run()}>
          {t('check_signature')}
        </Button>
      </div>
      <FaultNotice fault={fault.value} />
      <div role="status" class="stack">
        {diagnosis.value === undefined ? null : (
          <Outcome diagnosis={diagnosis.value} taken={takenText(client, diagnosis.value)} />
        )}
      </div>
    </Disclosure>
  );
}

/** The text for a server that accepted every signature. */
function takenText({ type }: ClientView, { hasCalled }: Diagnosis): string {
  if (hasCalled) return t('signatures_taken');
  const isCallTried = profileOf(type).identity !== 'none';
  return t(isCallTried ? 'signature_taken' : 'signature_taken_alone');
}

function Outcome({ diagnosis, taken }: { readonly diagnosis: Diagnosis; readonly taken: string }) {
  const { fault, requests } = diagnosis;
  return (
    <>
      {fault === undefined ? (
        <Notice>
          <p>{taken}</p>
        </Notice>
      ) : (
        <FaultNotice fault={fault} />
      )}
      {requests.map((request) => (
        <SignedRequest key={request.signature.baseString} request={request} />
      ))}
    </>
  );
}

/** One signed request, to be compared with what the server calculated. */
function SignedRequest({ request }: { readonly request: SignedRequestView }) {
  const { atMs, phase, signature, status, problem } = request;
  const { method, baseUri, parameters, baseString } = signature;
  return (
    <section class="stack stack-tight">
      <h3>
        {t(`signed_phase_${phase.replaceAll('-', '_') as Phase}`)} · {dateTime(atMs)}
      </h3>
      <p class="small">
        {t('signed_answer', String(status))} {problem === undefined ? null : <code>{problem}</code>}{' '}
        {clockText(request)}
      </p>
      <dl class="facts small">
        <CodeFact label={t('signed_method')} value={method} />
        <CodeFact label={t('signed_base_uri')} value={baseUri} />
        {parameters.map(({ name, value }, at) => (
          <CodeFact key={String(at)} label={<code>{name}</code>} value={value} />
        ))}
        <dt>{t('signed_base_string')}</dt>
        <dd>
          <code class="base-string">{baseString}</code>
        </dd>
      </dl>
    </section>
  );
}

type Phase = 'temporary_credentials' | 'token_credentials' | 'renewal' | 'call';

/** The difference of the clocks, if it is 5 seconds or more. */
function clockText({ answeredOffsetMs = 0 }: SignedRequestView): string {
  if (Math.abs(answeredOffsetMs) < 5000) return '';
  const apart = timeSpan(Math.abs(answeredOffsetMs));
  return t(answeredOffsetMs > 0 ? 'clock_ahead' : 'clock_behind', apart);
}
