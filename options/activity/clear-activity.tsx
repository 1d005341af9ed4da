import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';

interface ClearActivityProps {
  readonly isErasing: boolean;
  readonly onErase: () => void;
  readonly onCancel: () => void;
}

/** Asks whether the log is to be erased. */
export function ClearActivity({ isErasing, onErase, onCancel }: ClearActivityProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  return (
    <section class="notice notice-error" aria-labelledby="clear-activity">
      <h2 id="clear-activity" ref={title} tabIndex={-1}>
        {t('clear_activity_title')}
      </h2>
      <p>{t('clear_activity_text')}</p>
      <div class="row">
        <Button kind="danger" disabled={isErasing} onClick={onErase}>
          {t('erase')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </section>
  );
}
