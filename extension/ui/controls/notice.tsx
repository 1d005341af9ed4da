import type { ComponentChildren } from 'preact';

interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'error';
  readonly children: ComponentChildren;
  /** Buttons that mend what the notice tells. */
  readonly actions?: ComponentChildren;
}

/** A short message with what can be done about it; errors interrupt a screen reader, others wait. */
export function Notice({ tone = 'info', children, actions }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <div class="stack stack-tight">{children}</div>
      {actions === undefined ? null : <div class="row">{actions}</div>}
    </div>
  );
}
