import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DisclosureProps {
  readonly title: string;
  /** Something within has to be seen. It opens by itself then, and is closed by the person alone. */
  readonly isNeeded: boolean;
  readonly children: ComponentChildren;
}

/** What most people need not see, folded away. */
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
