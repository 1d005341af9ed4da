import type { ComponentChildren } from 'preact';

interface GroupProps {
  readonly title: string;
  /** Shown beside the title. */
  readonly aside?: ComponentChildren;
  /** Ids of what describes the group. */
  readonly describedBy?: string;
  readonly children: ComponentChildren;
}

/** Fields that belong together, with their title. */
export function Group({ title, aside, describedBy, children }: GroupProps) {
  return (
    <fieldset class="card stack group" aria-describedby={describedBy}>
      <legend>
        <h2>{title}</h2>
      </legend>
      {aside}
      {children}
    </fieldset>
  );
}
