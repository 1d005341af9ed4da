import { dataCenterFacts, type DataCenterProduct } from '../extension/core/data-center.ts';
import { t, type MessageKey } from '../extension/ui/i18n.ts';

/** What an administrator of a Data Center product does to register the client, in order. */
export function AdminSteps({ product }: { readonly product: DataCenterProduct }) {
  const { label, firstVersion, adminSteps } = dataCenterFacts[product];
  return (
    <>
      <p class="small">{t('admin_steps', `${label} ${firstVersion}`)}</p>
      <ol class="steps small">
        {adminSteps.map((step) => (
          <li key={step}>{t(step as MessageKey)}</li>
        ))}
      </ol>
    </>
  );
}
