import { extensionIdOf, type Origin } from '#core/values/origin.ts';
import { Name, Sentence } from '../controls/name.tsx';

/** The origin of pages, or the id of another extension: its name is only what it says of itself. */
export function GranteeName({ origin }: { readonly origin: Origin }) {
  const id = extensionIdOf(origin);
  if (id === undefined) return <Name text={origin} />;
  return <Sentence of="extension_named" names={[<code>{id}</code>]} />;
}
