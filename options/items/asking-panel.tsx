import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';

interface AskingPanelProps {
  /** Of the heading; unique in the document. */
  readonly id: string;
  /** The level of the heading. */
  readonly level: 2 | 3 | 4;
  readonly title: ComponentChildren;
  /** What it comes to. */
  readonly children: ComponentChildren;
  /** The text of the button that does it. */
  readonly action: string;
  /** It is being done, or its consequences are not known yet. */
  readonly isWaiting: boolean;
  readonly isCancelDisabled?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks once before something is done that cannot be undone. */
export function AskingPanel(props: AskingPanelProps) {
  const { id, level, title, children, action, onConfirm, onCancel } = props;
  const { isWaiting, isCancelDisabled = false } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const Heading = `h${level}` as const;
  return (
    <section class="notice notice-error" aria-labelledby={id}>
      <Heading id={id} ref={heading} tabIndex={-1}>
        {title}
      </Heading>
      {children}
      <div class="row">
        <Button kind="danger" disabled={isWaiting} onClick={onConfirm}>
          {action}
        </Button>
        <Button disabled={isCancelDisabled} onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </section>
  );
}
