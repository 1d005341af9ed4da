import type { ComponentChildren } from 'preact';
import { StateIcon, type IconState } from '#ui/controls/state-icon.tsx';

interface OpeningItemProps {
  /** Of the element that has what is shown of the open item; unique in the document. */
  readonly detailsId: string;
  readonly title: ComponentChildren;
  /** What is shown below the title. */
  readonly below: ComponentChildren;
  readonly icon: IconState;
  /** The state in words. */
  readonly state: string;
  readonly numbers: ComponentChildren;
  /** What is shown below the row, also while the item is closed. */
  readonly notice?: ComponentChildren;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** What is shown of the open item. */
  readonly children: ComponentChildren;
}

/** An item of a list that opens: a heading that is its button, the state and numbers; opened, everything else. */
export function OpeningItem(props: OpeningItemProps) {
  const { detailsId, title, below, icon, state, numbers, notice, isOpen, onToggle, children } =
    props;
  return (
    <li class="card stack item">
      <div class="item-row">
        <div class="stack stack-tight">
          <h2>
            <button
              type="button"
              class="item-toggle"
              aria-expanded={isOpen}
              aria-controls={isOpen ? detailsId : undefined}
              onClick={onToggle}
            >
              {title}
            </button>
          </h2>
          {below}
        </div>
        <span class="with-icon item-state">
          <StateIcon state={icon} />
          {state}
        </span>
        <span class="muted small item-numbers">{numbers}</span>
      </div>
      {notice}
      {isOpen ? (
        <div class="stack item-details" id={detailsId}>
          {children}
        </div>
      ) : null}
    </li>
  );
}
