import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

type ButtonProps = Omit<ButtonHTMLAttributes, 'class' | 'type' | 'children'> & {
  /** The visual weight. */
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly isSubmit?: boolean;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
};

/** The button component of the extension's pages. */
export function Button({
  kind = 'plain',
  isSubmit = false,
  isWide = false,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={isSubmit ? 'submit' : 'button'}
      class={`button button-${kind}${isWide ? ' button-wide' : ''}`}
    >
      {children}
    </button>
  );
}
