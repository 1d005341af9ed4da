import { dataCenterProducts } from '#core/provider/data-center.ts';
import { TextField } from '#ui/controls/field.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { problemText, t, type MessageKey } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { ImportedConsumerView } from '../import-preview.ts';
import { serverProblems } from '../import-choice.ts';
import type { ServerForm, ServerMember } from '../server-form.ts';

interface ImportServerFieldsProps {
  /** Unique in the document. */
  readonly id: string;
  readonly entry: ImportedConsumerView;
  readonly form: ServerForm;
  readonly onChange: (form: ServerForm) => void;
}

/** The server of a consumer: an Atlassian product with its base URL, or another provider with its endpoints. */
export function ImportServerFields(props: ImportServerFieldsProps) {
  const { id, entry, form, onChange } = props;
  const canBeLink = entry.signatureMethod === 'RSA-SHA1';
  return (
    <fieldset class="stack import-server" aria-describedby={`${id}-hint`}>
      <legend>{t('import_server', entry.name)}</legend>
      <p id={`${id}-hint`} class="muted small">
        {t('import_server_hint')}
      </p>
      {canBeLink ? (
        <SelectField
          id={`${id}-product`}
          label={memberLabel('product', 'application-link')}
          value={form.product ?? 'other'}
          choices={[
            ...dataCenterProducts.map((product) => [product, t(`product_${product}`)] as const),
            ['other', t('import_server_elsewhere')],
          ]}
          onChoose={(chosen) => {
            onChange({ ...form, product: chosen === 'other' ? undefined : chosen });
          }}
        />
      ) : null}
      {form.product === undefined ? (
        <>
          <ServerUrl {...props} member="requestTokenEndpoint" />
          <ServerUrl {...props} member="authorizationEndpoint" />
          <ServerUrl {...props} member="tokenEndpoint" />
          <ServerUrl {...props} member="apiBase" hint="api_base_hint" />
        </>
      ) : (
        <ServerUrl {...props} member="baseUrl" hint="base_url_hint" />
      )}
    </fieldset>
  );
}

interface ServerUrlProps extends ImportServerFieldsProps {
  readonly member: ServerMember;
  readonly hint?: MessageKey;
}

/** One URL of the server; no problem is shown while it is empty. */
function ServerUrl({ id, entry, form, onChange, member, hint }: ServerUrlProps) {
  const problem = form[member] === '' ? undefined : serverProblems(entry, form)[member];
  return (
    <TextField
      id={`${id}-${member}`}
      label={memberLabel(member, form.product === undefined ? 'oauth1' : 'application-link')}
      value={form[member]}
      isCode
      isRequired={member !== 'apiBase'}
      problem={problemText(problem)}
      {...(hint === undefined ? {} : { hint: t(hint) })}
      onInput={(text) => {
        onChange({ ...form, [member]: text });
      }}
    />
  );
}
