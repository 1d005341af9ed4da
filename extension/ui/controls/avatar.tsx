import { visibleParts } from '#core/values/visible-text.ts';

/** The picture of a site or account, or its initials. Decorative: the name is always shown beside it. */
export function Avatar({
  name,
  dataUrl,
}: {
  readonly name: string;
  readonly dataUrl?: string | undefined;
}) {
  if (dataUrl !== undefined) return <img class="avatar" src={dataUrl} alt="" />;
  return (
    <span class="avatar" aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** One or two initials of a name, as whole grapheme clusters (an emoji is one). */
export function initials(name: string): string {
  const visible = visibleParts(name).flatMap(({ text, isCode }) => (isCode ? [] : [text]));
  const words = visible
    .join('')
    .split(/[\s\-_.@]+/u)
    .filter((word) => word !== '');
  const letters = words.slice(0, 2).map((word) => {
    const [first] = new Intl.Segmenter().segment(word);
    return first?.segment ?? '';
  });
  return letters.join('').toLocaleUpperCase() || '?';
}
