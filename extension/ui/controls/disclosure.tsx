import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DisclosureProps {
  readonly title: string;
  /** Whether something inside must be visible. Opens the disclosure; only the person closes it. */
  readonly isNeeded: boolean;
  readonly children: ComponentChildren;
}

/** Content that is collapsed until it is needed. */
export function Disclosure({ title, isNeeded, children }: DisclosureProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => {
    if (isNeeded && details.current !== null) details.current.open = true;
  }, [isNeeded]);
  return (
    <details ref={details}>
      <summary>{title}</summary>
      <div class="stack">{children}</div>
    </details>
  );
}
