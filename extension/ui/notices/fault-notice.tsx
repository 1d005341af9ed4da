import type { Fault } from '#core/values/fault.ts';
import { Notice } from '../controls/notice.tsx';
import { FaultMessage } from './fault-message.tsx';

/** The notice for a fault; renders nothing without one. */
export function FaultNotice({ fault }: { readonly fault: Fault | undefined }) {
  if (fault === undefined) return null;
  return (
    <Notice tone="error">
      <FaultMessage fault={fault} />
    </Notice>
  );
}
