import { extensionIdOf, type Origin } from '#core/values/origin.ts';
import { Name } from '../controls/name.tsx';
import { t } from '../i18n.ts';

/** The origin of pages, or the id of another extension: its name is only what it says of itself. */
export function GranteeName({ origin }: { readonly origin: Origin }) {
  const id = extensionIdOf(origin);
  if (id === undefined) return <Name text={origin} />;
  return (
    <>
      {t('extension')} <code>{id}</code>
    </>
  );
}
