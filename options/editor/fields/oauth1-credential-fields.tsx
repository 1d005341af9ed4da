import { signal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { signatureMethodOf, type ClientId } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { Problem } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { problemText, t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { EditorText } from './editor-text.tsx';

interface OAuth1CredentialFieldsProps {
  readonly editor: EditorStore;
  /** Replaces the key pair of a saved client. */
  readonly newKeyPair: (id: ClientId) => Promise<void>;
}

/** The consumer key of an OAuth 1.0a client, and its shared secret or RSA key. */
export function OAuth1CredentialFields({ editor, newKeyPair }: OAuth1CredentialFieldsProps) {
  const { draft, original } = editor;
  const method = signatureMethodOf(draft.value) ?? 'RSA-SHA1';
  const { type } = draft.value;
  const methods = profileOf(type).signatureMethods;
  const hasSecret = original?.hasSecret === true;
  return (
    <>
      <EditorText
        editor={editor}
        field="clientId"
        isRequired
        isCode
        {...(type === 'application-link' ? { hint: t('consumer_key_hint') } : {})}
      />
      {methods.length === 1 ? null : (
        <SelectField
          id="client-signatureMethod"
          label={memberLabel('signatureMethod', type)}
          value={method}
          choices={methods.map((each) => [each, each])}
          onChoose={(signatureMethod) => {
            editor.set({ signatureMethod });
          }}
        />
      )}
      {method === 'HMAC-SHA1' ? (
        <EditorText
          editor={editor}
          field="clientSecret"
          type="password"
          isRequired={!hasSecret}
          placeholder={hasSecret ? t('secret_kept') : undefined}
        />
      ) : (
        <KeyPairFields editor={editor} newKeyPair={newKeyPair} />
      )}
    </>
  );
}

/** A generated RSA key pair, or the person's own private key. */
function KeyPairFields({ editor, newKeyPair }: OAuth1CredentialFieldsProps) {
  const { original } = editor;
  const saved = original?.publicKeyPem === undefined ? undefined : original;
  const { privateKeyPem = '' } = editor.draft.value;
  const problem = editor.problems.value.privateKeyPem;
  return (
    <>
      <p class="small">{t(saved === undefined ? 'key_pair_new' : 'key_pair_kept')}</p>
      {saved === undefined ? null : <NewKeyPair newKeyPair={() => newKeyPair(saved.id)} />}
      <Disclosure title={t('key_pair_own')} isNeeded={problem !== undefined}>
        <div class="field">
          <label for="client-privateKeyPem">
            {memberLabel('privateKeyPem', editor.draft.value.type)}
          </label>
          <textarea
            id="client-privateKeyPem"
            class="input input-code"
            rows={6}
            spellcheck={false}
            autocomplete="off"
            value={privateKeyPem}
            aria-invalid={problem === undefined ? undefined : 'true'}
            aria-describedby="client-privateKeyPem-hint client-privateKeyPem-problem"
            onInput={(event) => {
              editor.set({ privateKeyPem: event.currentTarget.value });
            }}
          />
          <span id="client-privateKeyPem-hint" class="muted small">
            {t('private_key_hint')}
          </span>
          <Problem id="client-privateKeyPem" text={problemText(problem)} />
        </div>
      </Disclosure>
    </>
  );
}

/** Replaces the key pair after a warning, because the server does not know the new public key. */
function NewKeyPair({ newKeyPair }: { readonly newKeyPair: () => Promise<void> }) {
  const isConfirming = useMemo(() => signal(false), []);
  const question = useRef<HTMLParagraphElement>(null);
  const wasConfirming = useRef(false);
  useLayoutEffect(() => {
    // The focused element was removed: the focus moves to what replaced it.
    if (isConfirming.value) question.current?.focus();
    else if (wasConfirming.current) document.getElementById('new-key-pair')?.focus();
    wasConfirming.current = isConfirming.value;
  }, [isConfirming.value]);
  const setConfirming = (isOpen: boolean): void => {
    isConfirming.value = isOpen;
  };
  return isConfirming.value ? (
    <Notice tone="warn">
      <p ref={question} tabIndex={-1}>
        {t('new_key_pair_warning')}
      </p>
      <div class="row">
        <Button
          kind="danger"
          onClick={() => {
            void newKeyPair().then(() => setConfirming(false));
          }}
        >
          {t('new_key_pair_confirm')}
        </Button>
        <Button onClick={() => setConfirming(false)}>{t('new_key_pair_keep')}</Button>
      </div>
    </Notice>
  ) : (
    <div class="row">
      <Button id="new-key-pair" onClick={() => setConfirming(true)}>
        {t('new_key_pair')}
      </Button>
    </div>
  );
}
