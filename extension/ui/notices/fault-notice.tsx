import type { ComponentChildren } from 'preact';
import type { Fault } from '#core/values/fault.ts';
import { Notice } from '../controls/notice.tsx';
import { FaultMessage, type FaultMessageProps } from './fault-message.tsx';

interface FaultNoticeProps {
  readonly fault: Fault | undefined;
  readonly labelOf?: FaultMessageProps['labelOf'];
  /** Buttons that resolve the fault. */
  readonly actions?: ComponentChildren;
}

/** The notice for a fault; renders nothing without one. */
export function FaultNotice({ fault, labelOf, actions }: FaultNoticeProps) {
  if (fault === undefined) return null;
  return (
    <Notice tone="error" actions={actions}>
      <FaultMessage fault={fault} labelOf={labelOf} />
    </Notice>
  );
}
