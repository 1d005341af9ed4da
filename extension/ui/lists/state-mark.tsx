import type { ComponentChildren } from 'preact';
import { StateIcon, type IconState } from '../controls/state-icon.tsx';

interface StateMarkProps {
  readonly state: IconState;
  readonly text: ComponentChildren;
  /** Whether only screen readers get the text. */
  readonly isIconOnly?: boolean;
}

/** A state as a word and an icon. */
export function StateMark({ state, text, isIconOnly = false }: StateMarkProps) {
  return (
    <span class={`state state-${state}`}>
      <StateIcon state={state} />
      <span class={isIconOnly ? 'visually-hidden' : undefined}>{text}</span>
    </span>
  );
}
