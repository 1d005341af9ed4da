import { accessLevels } from '#core/grant/page-grant.ts';
import { Button } from '#ui/controls/button.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import { clientRoute } from '#ui/state/options-routes.ts';
import { EditorText } from '../editor/fields/editor-text.tsx';
import { focusField } from '../editor/focus-field.ts';
import type { EditorStore } from '../editor/editor-store.ts';
import type { WelcomeStore } from './welcome-store.ts';

interface ClientStepProps {
  readonly form: EditorStore;
  readonly store: WelcomeStore;
  /** A sign-in is in progress. */
  readonly isBusy: boolean;
}

/** The fields of the client, and the button that saves and signs in. */
export function ClientStep({ form, store, isBusy }: ClientStepProps) {
  const isSaved = form.original?.hasSecret === true;
  const submit = (): void => {
    if (!isBusy) void store.saveAndSignIn().then(focusField);
  };
  return (
    <form
      class="stack"
      noValidate
      aria-labelledby="step-client"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <EditorText editor={form} field="clientId" isRequired isCode />
      <EditorText
        editor={form}
        field="clientSecret"
        type="password"
        isRequired={!isSaved}
        placeholder={isSaved ? t('secret_kept') : undefined}
        hint={isSaved ? undefined : t('welcome_secret_hint')}
      />
      <EditorText editor={form} field="name" isRequired hint={t('welcome_name_hint')} />
      <AccessField form={form} store={store} />
      <FaultNotice fault={form.fault.value} />
      <div class="row">
        <Button kind="primary" isSubmit aria-disabled={isBusy} aria-busy={form.isSaving.value}>
          {t('save_and_sign_in')}
        </Button>
        <a href={form.original === undefined ? '#/clients/new' : clientRoute(form.original.id)}>
          {t('welcome_full_form')}
        </a>
      </div>
      <p class="muted small">{t('welcome_other_types')}</p>
    </form>
  );
}

/** The client, once somebody signed in with it. */
export function ClientSummary({ form }: Pick<ClientStepProps, 'form'>) {
  if (form.original === undefined) return null;
  const { id, name, clientId } = form.original;
  return (
    <p>
      {name} · {t('client_id')} <code>{clientId}</code> · <a href={clientRoute(id)}>{t('edit')}</a>
    </p>
  );
}

/** What pages may do with the scopes of each set. */
const accessHints = { read: 'welcome_access_read', write: 'welcome_access_write' } as const;

/** What pages may do, as a set of scopes. */
function AccessField({ form, store }: Pick<ClientStepProps, 'form' | 'store'>) {
  const scopes = form.draft.value.scopes;
  return (
    <fieldset class="stack stack-tight">
      <legend>{t('welcome_access')}</legend>
      {accessLevels.map((access) => (
        <label key={access} class="choice">
          <input
            type="radio"
            name="access"
            checked={store.access.value === access}
            aria-describedby={`access-${access}`}
            onChange={() => {
              store.chooseAccess(access);
            }}
          />
          <span class="scope-text">
            <span>{t(`access_${access}`)}</span>
            <span id={`access-${access}`} class="muted small">
              {t(accessHints[access])}
            </span>
          </span>
        </label>
      ))}
      <details class="small">
        <summary>{tCount('scopes_count', scopes.length)}</summary>
        <ul class="steps">
          {scopes.map((scope) => (
            <li key={scope}>
              <code>{scope}</code>
            </li>
          ))}
        </ul>
      </details>
    </fieldset>
  );
}
