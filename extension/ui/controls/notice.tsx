import type { ComponentChildren } from 'preact';

interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'error';
  readonly children: ComponentChildren;
  /** Buttons that resolve the problem of the notice. */
  readonly actions?: ComponentChildren;
}

/** A short message with possible actions. Screen readers announce an error at once (`alert`), others when idle (`status`). */
export function Notice({ tone = 'info', children, actions }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <div class="stack stack-tight">{children}</div>
      {actions === undefined ? null : <div class="row">{actions}</div>}
    </div>
  );
}
