import { useLayoutEffect, useRef } from 'preact/hooks';
import { signatureMethodOf } from '#core/client/client-configuration.ts';
import { profileOf } from '#core/provider/provider-profile.ts';
import { Button } from '#ui/controls/button.tsx';
import { Name } from '#ui/controls/name.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import type { OptionsStore } from '../../state/store.ts';
import type { EditorField, EditorStore } from '../editor-store.ts';
import { ConsoleUrlField } from '../fields/console-url-field.tsx';
import { CredentialFields } from '../fields/credential-fields.tsx';
import { DataCenterFields } from '../fields/data-center-fields.tsx';
import { EditorText } from '../fields/editor-text.tsx';
import { EndpointFields } from '../fields/endpoint-fields.tsx';
import { focusField } from '../focus-field.ts';
import { Group } from '../fields/group.tsx';
import { OAuth1CredentialFields } from '../fields/oauth1-credential-fields.tsx';
import { ProtocolDetails } from '../fields/protocol-details.tsx';
import { TypeField } from '../fields/type-field.tsx';
import { CallbackUrl } from './callback-url.tsx';
import { ConsumerInfoView } from './consumer-info-view.tsx';
import { ManagedClient } from './managed-client.tsx';
import { EditorWarnings } from './editor-warnings.tsx';
import { ScopesView } from './scopes-view.tsx';
import { SignatureCheckView } from './signature-check-view.tsx';

/** The form for a client that is added, copied or edited. */
export function EditorView({ store }: { readonly store: OptionsStore }) {
  const editor = store.editor.value;
  const title = useRef<HTMLHeadingElement>(null);
  const missing = missingToSignIn(store);
  useLayoutEffect(() => {
    if (missing === undefined) title.current?.focus();
    else editor?.touch(missing);
    focusField(missing);
  }, [editor, missing]);
  if (editor === undefined) return <NoSuchClient />;
  const isOAuth1 = profileOf(editor.draft.value.type).protocol === 'oauth1';
  const savedName = store.savedName.value;
  const managed = editor.original?.managed === undefined ? undefined : editor.original;
  const focusWrong = (saved: Promise<EditorField | undefined>): void => {
    void saved.then(focusField);
  };
  return (
    <form
      class="stack editor"
      noValidate
      aria-labelledby="editor-title"
      onSubmit={(event) => {
        event.preventDefault();
        focusWrong(store.save());
      }}
    >
      <h1 id="editor-title" ref={title} tabIndex={-1}>
        <EditorTitle original={editor.original} />
      </h1>
      {savedName === undefined ? null : (
        <Notice>
          <p>{t('client_saved', savedName)}</p>
        </Notice>
      )}
      {store.isEditorRestored.value ? (
        <Notice>
          <p>{t('draft_restored')}</p>
        </Notice>
      ) : null}
      {missing === undefined ? null : (
        <Notice tone="warn">
          <p>{t('sign_in_needs')}</p>
        </Notice>
      )}
      <div class="editor-columns">
        {isOAuth1 ? null : <CallbackUrl editor={editor} copyText={store.copyText} />}
        <div class="stack">
          {managed === undefined ? null : <ManagedClient client={managed} editor={editor} />}
          {managed === undefined ? <EditorGroups editor={editor} store={store} /> : null}
          {isOAuth1 ? (
            <OAuth1Parts editor={editor} store={store} />
          ) : managed === undefined ? (
            <>
              <ScopesView editor={editor} />
              <div class="card">
                <ProtocolDetails editor={editor} />
              </div>
            </>
          ) : null}
          <EditorWarnings editor={editor} sessionCount={sessionCountOf(store, editor)} />
          <FaultNotice fault={editor.fault.value} />
          {managed?.managed?.hasSecret === true ? (
            <div class="row">
              <Button onClick={store.cancelEditing}>{t('back_to_clients')}</Button>
            </div>
          ) : (
            <EditorButtons editor={editor} store={store} focusWrong={focusWrong} />
          )}
        </div>
      </div>
    </form>
  );
}

function EditorTitle({ original }: Pick<EditorStore, 'original'>) {
  if (original === undefined) return <>{t('new_client')}</>;
  // Nothing of it can be edited.
  if (original.managed?.hasSecret === true) return <Name text={original.name} />;
  return <>{t('edit_client', original.name)}</>;
}

/** What the client lacks for the sign-in that led to its form. */
function missingToSignIn({ route, overview }: OptionsStore): EditorField | undefined {
  const shown = route.value;
  if (shown.view !== 'client' || shown.isToSignIn !== true) return undefined;
  return overview.value?.clients.find(({ id }) => id === shown.id)?.missingField;
}

function sessionCountOf({ overview }: OptionsStore, { original }: EditorStore): number {
  return (original && overview.value?.sessionCountOf[original.id]) ?? 0;
}

/** A new RSA key has to be registered with the server first. */
function canSignInAtOnce({ original, draft }: EditorStore): boolean {
  const isSignedWithKey = signatureMethodOf(draft.value) === 'RSA-SHA1';
  return !isSignedWithKey || original?.publicKeyPem !== undefined;
}

function NoSuchClient() {
  return (
    <Notice tone="warn">
      <p>{t('no_such_client')}</p>
      <p>
        <a href="#/clients">{t('back_to_clients')}</a>
      </p>
    </Notice>
  );
}

interface EditorPartProps {
  readonly editor: EditorStore;
  readonly store: OptionsStore;
}

/** What OAuth 1.0a has instead of scopes and parameters. */
function OAuth1Parts({ editor, store }: EditorPartProps) {
  // The client as it is saved now; its key pair may have changed since the form was opened.
  const saved = store.overview.value?.clients.find(({ id }) => id === editor.original?.id);
  return (
    <>
      <ConsumerInfoView editor={editor} saved={saved} copyText={store.copyText} />
      {saved === undefined ? null : (
        <SignatureCheckView client={saved} store={store} isDirty={editor.isDirty.value} />
      )}
    </>
  );
}

interface EditorButtonsProps extends EditorPartProps {
  /** Focuses the field that prevented saving. */
  readonly focusWrong: (saved: Promise<EditorField | undefined>) => void;
}

function EditorButtons({ editor, store, focusWrong }: EditorButtonsProps) {
  return (
    <div class="row">
      <Button kind="primary" isSubmit aria-busy={editor.isSaving.value}>
        {t('save')}
      </Button>
      {canSignInAtOnce(editor) ? (
        <Button
          disabled={isFlowRunning(store.overview.value?.flow)}
          onClick={() => {
            focusWrong(store.saveAndSignIn());
          }}
        >
          {t('save_and_sign_in')}
        </Button>
      ) : null}
      <Button onClick={store.cancelEditing}>{t('cancel')}</Button>
    </div>
  );
}

/** The fields in groups: the client, where its server is, the app that is registered there. */
function EditorGroups({ editor, store }: EditorPartProps) {
  const { endpointSource, protocol } = profileOf(editor.draft.value.type);
  const isCloud = endpointSource === 'cloud';
  return (
    <>
      <Group title={t('group_client')}>
        <EditorText editor={editor} field="name" isRequired />
        <EditorText editor={editor} field="description" />
        <TypeField editor={editor} />
      </Group>
      {endpointSource === 'base-url' ? (
        <Group title={t('group_server')}>
          <DataCenterFields editor={editor} />
        </Group>
      ) : null}
      <Group title={t(protocol === 'oauth1' ? 'group_consumer' : 'group_app')}>
        <ConsoleUrlField editor={editor} />
        {protocol === 'oauth1' ? (
          <OAuth1CredentialFields editor={editor} newKeyPair={store.newKeyPair} />
        ) : (
          <CredentialFields editor={editor} />
        )}
        {isCloud ? <EndpointFields editor={editor} /> : null}
      </Group>
      {endpointSource === 'person' ? <EndpointFields editor={editor} /> : null}
      {endpointSource === 'fixed-hosts' ? (
        <Group title={t('group_provider')}>
          <EndpointFields editor={editor} />
        </Group>
      ) : null}
    </>
  );
}
