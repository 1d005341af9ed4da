import { Fragment, type ComponentChildren } from 'preact';
import { visibleParts } from '#core/values/visible-text.ts';
import { language, t, type MessageKey } from '../i18n.ts';

/**
 * A text that a server, a page or a file chose, such as the name of a site: its direction does not change the text around it, and
 * characters that are not seen are shown by their number.
 */
export function Name({ text }: { readonly text: string }) {
  return (
    <bdi>
      {visibleParts(text).map((part, at) =>
        part.isCode ? (
          <code key={at} class="hidden-character">
            {part.text}
          </code>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}

interface SentenceProps {
  readonly of: MessageKey;
  /** What is filled in, in the order of the substitutions. */
  readonly names: readonly (string | ComponentChildren)[];
}

/** Does not occur in texts. */
const mark = '\uE000';

/** A text of `_locales` with names in it; a string is shown as a {@link Name}. */
export function Sentence({ of, names }: SentenceProps) {
  const parts = t(of, ...names.map((_, at) => `${mark}${String(at)}${mark}`)).split(mark);
  return (
    <>
      {parts.map((part, at) => (
        <Fragment key={at}>{at % 2 === 0 ? part : filledIn(names[Number(part)])}</Fragment>
      ))}
    </>
  );
}

interface NamesProps {
  readonly of: readonly (string | ComponentChildren)[];
  /** Whether all are meant (`a, b and c`), as by default, or one of them (`a, b or c`). */
  readonly type?: 'conjunction' | 'disjunction';
}

/** Several names as part of a sentence; a string is shown as a {@link Name}. */
export function Names({ of, type: listType = 'conjunction' }: NamesProps) {
  const list = new Intl.ListFormat(language(), { type: listType });
  const parts = list.formatToParts(of.map((_, at) => String(at)));
  return (
    <>
      {parts.map(({ type, value }, at) => (
        <Fragment key={at}>{type === 'element' ? filledIn(of[Number(value)]) : value}</Fragment>
      ))}
    </>
  );
}

function filledIn(name: string | ComponentChildren): ComponentChildren {
  return typeof name === 'string' ? <Name text={name} /> : name;
}
