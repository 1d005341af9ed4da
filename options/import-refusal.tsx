import { FaultMessage } from '../extension/ui/fault-message.tsx';
import { t } from '../extension/ui/i18n.ts';
import { Notice } from '../extension/ui/notice.tsx';
import type { Refusal } from './postman-store.ts';

/** Why an import did not work, and what to do. */
export function RefusalNotice({ refusal }: { readonly refusal: Refusal | undefined }) {
  if (refusal === undefined) return null;
  return (
    <Notice tone="error">
      {'fault' in refusal ? (
        <FaultMessage fault={refusal.fault} />
      ) : (
        <p>{t(`import_problem_${refusal.problem}`)}</p>
      )}
    </Notice>
  );
}
