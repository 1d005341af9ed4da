import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

interface FoldProps {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  /** Rendered only while it is open. */
  readonly children: ComponentChildren;
}

/** A section under a heading of the second level that opens and closes it. */
export function Fold({ id, title, isOpen, onToggle, children }: FoldProps) {
  return (
    <section class="fold" aria-labelledby={`${id}-title`}>
      <h2>
        <button
          type="button"
          id={`${id}-title`}
          class="fold-title"
          aria-expanded={isOpen}
          aria-controls={`${id}-content`}
          onClick={() => {
            onToggle(!isOpen);
          }}
        >
          <Icon name="chevron" />
          {title}
        </button>
      </h2>
      <div id={`${id}-content`} hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </section>
  );
}
