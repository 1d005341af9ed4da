import type { ComponentChildren } from 'preact';

interface CodeFactProps {
  readonly label: ComponentChildren;
  readonly value: string;
}

/** One entry of a `<dl>`, with its value in a monospaced font. */
export function CodeFact({ label, value }: CodeFactProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  );
}
