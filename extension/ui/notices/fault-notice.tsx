import type { Fault } from '../../core/values/fault.ts';
import { FaultMessage } from './fault-message.tsx';
import { Notice } from '../controls/notice.tsx';

/** What went wrong, if anything did. */
export function FaultNotice({ fault }: { readonly fault: Fault | undefined }) {
  if (fault === undefined) return null;
  return (
    <Notice tone="error">
      <FaultMessage fault={fault} />
    </Notice>
  );
}
