/** The drawings, in a square of 16 units; all strokes. */
const drawings = {
  chevron: 'M6 3.5L10.5 8 6 12.5',
  search: 'M6.8 2.2a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 1 1 0-9.2zM10.2 10.2l3.8 3.8',
  gear: 'M8 5.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 1 1 0-4.8zM8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4L5 5M11 11l1.6 1.6M12.6 3.4L11 5M5 11l-1.6 1.6',
  lock: 'M4.2 7.2h7.6v6.3H4.2zM5.6 7.2V5a2.4 2.4 0 0 1 4.8 0v2.2',
} as const;

/** A drawing beside a text, in the colour of the text. Decorative: the text says what it means. */
export function Icon({ name }: { readonly name: keyof typeof drawings }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}
