import { readBaseUrl } from '#core/client/base-url.ts';
import { draftOfProduct } from '#core/client/change-provider-type.ts';
import { dataCenterProducts } from '#core/provider/data-center.ts';
import { endpointsAt } from '#core/provider/derived-endpoints.ts';
import { CodeFact } from '#ui/controls/code-fact.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { EditorText } from './editor-text.tsx';
import { HttpSwitch } from './http-switch.tsx';

/** The Data Center product and its base URL; the endpoints are derived from them. */
export function DataCenterFields({ editor }: { readonly editor: EditorStore }) {
  const { draft } = editor;
  return (
    <>
      <SelectField
        id="client-product"
        label={memberLabel('product', draft.value.type)}
        value={draft.value.product ?? dataCenterProducts[0]}
        choices={dataCenterProducts.map((product) => [product, t(`product_${product}`)])}
        onChoose={(product) => {
          editor.set(draftOfProduct(draft.value, product));
        }}
      />
      <EditorText
        editor={editor}
        field="baseUrl"
        isRequired
        isCode
        placeholder="https://jira.example.com/jira"
        hint={t('base_url_hint')}
      />
      <BaseUrlResult editor={editor} />
      <HttpSwitch editor={editor} />
    </>
  );
}

/** Shows how the typed base URL is used: the URL itself, the repairs, the derived endpoints. */
function BaseUrlResult({ editor }: { readonly editor: EditorStore }) {
  const { type, baseUrl: typed = '', isHttpAllowed } = editor.draft.value;
  const read = readBaseUrl(typed, { isHttpAllowed: isHttpAllowed === true });
  const isRead = 'baseUrl' in read;
  const endpoints = endpointsAt(type, isRead ? read.baseUrl : '');
  const { authorizationEndpoint, tokenEndpoint, requestTokenEndpoint } = endpoints;
  return (
    <div class="stack stack-tight small" role="status">
      {isRead && read.repairs.length > 0 ? (
        <>
          <p>
            <Sentence of="base_url_taken_as" names={[<code>{read.baseUrl}</code>]} />
          </p>
          {read.repairs.map((repair) => (
            <p key={repair}>{t(`repair_${repair}`)}</p>
          ))}
        </>
      ) : null}
      {isRead ? (
        <dl class="facts">
          {requestTokenEndpoint === undefined ? null : (
            <CodeFact
              label={memberLabel('requestTokenEndpoint', type)}
              value={requestTokenEndpoint}
            />
          )}
          <CodeFact
            label={memberLabel('authorizationEndpoint', type)}
            value={authorizationEndpoint}
          />
          <CodeFact label={memberLabel('tokenEndpoint', type)} value={tokenEndpoint} />
        </dl>
      ) : null}
    </div>
  );
}
