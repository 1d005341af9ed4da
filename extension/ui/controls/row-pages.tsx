import { useLayoutEffect, useRef } from 'preact/hooks';
import { numberText, t } from '../i18n.ts';
import { Button } from './button.tsx';

interface RowPagesProps {
  /** The index of the first row that is shown. */
  readonly offset: number;
  /** How many rows are shown. */
  readonly shown: number;
  /** How many there are. */
  readonly matching: number;
  /** How many are shown at once. */
  readonly mostShown: number;
  readonly onTurn: (offset: number) => void;
}

/** The buttons for the other rows of a list, where there are more than are shown at once. */
export function RowPages({ offset, shown, matching, mostShown, onTurn }: RowPagesProps) {
  const range = useRef<HTMLParagraphElement>(null);
  const isPressed = useRef(false);
  useLayoutEffect(() => {
    // The pressed button may be disabled now.
    if (isPressed.current) range.current?.focus();
    isPressed.current = false;
  }, [offset]);
  if (matching <= mostShown) return null;
  const turn = (to: number) => () => {
    isPressed.current = true;
    onTurn(to);
  };
  return (
    <div class="row">
      <Button disabled={offset === 0} onClick={turn(Math.max(0, offset - mostShown))}>
        {t('previous_rows')}
      </Button>
      <p ref={range} tabIndex={-1} role="status">
        {t('rows_of_all', numberText(offset + 1), numberText(offset + shown), numberText(matching))}
      </p>
      <Button disabled={offset + mostShown >= matching} onClick={turn(offset + mostShown)}>
        {t('next_rows')}
      </Button>
    </div>
  );
}
