import { dataCenterProducts } from '../../../extension/core/provider/data-center.ts';
import { TextField } from '../../../extension/ui/controls/field.tsx';
import { SelectField } from '../../../extension/ui/controls/select-field.tsx';
import { t, type MessageKey } from '../../../extension/ui/i18n.ts';
import type { ImportedConsumerView } from '../../../extension/wire/views.ts';
import { serverProblems, type ServerMember } from '../import-choice.ts';
import type { ServerForm } from '../server-form.ts';

interface ImportServerFieldsProps {
  /** Unique in the document. */
  readonly id: string;
  readonly entry: ImportedConsumerView;
  readonly form: ServerForm;
  readonly onChange: (form: ServerForm) => void;
}

/** Where the server of a consumer is: a product of Atlassian's by its base URL, any other by its addresses. */
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
          label={t('product')}
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
          <Address {...props} member="requestTokenEndpoint" label="request_token_endpoint" />
          <Address {...props} member="authorizationEndpoint" label="authorize_url" />
          <Address {...props} member="tokenEndpoint" label="exchange_url" />
          <Address {...props} member="apiBase" label="api_base" hint="api_base_hint" />
        </>
      ) : (
        <Address {...props} member="baseUrl" label="base_url" hint="base_url_hint" />
      )}
    </fieldset>
  );
}

interface AddressProps extends ImportServerFieldsProps {
  readonly member: ServerMember;
  readonly label: MessageKey;
  readonly hint?: MessageKey;
}

/** One address; that it is missing is seen without words. */
function Address({ id, entry, form, onChange, member, label, hint }: AddressProps) {
  const problem = form[member] === '' ? undefined : serverProblems(entry, form)[member];
  return (
    <TextField
      id={`${id}-${member}`}
      label={t(label)}
      value={form[member]}
      isCode
      isRequired={member !== 'apiBase'}
      problem={problem === undefined ? undefined : t(`problem_${problem}`)}
      {...(hint === undefined ? {} : { hint: t(hint) })}
      onInput={(text) => {
        onChange({ ...form, [member]: text });
      }}
    />
  );
}
