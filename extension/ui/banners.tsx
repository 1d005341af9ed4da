import type { Fault } from '../core/fault.ts';
import type { Overview } from '../wire/views.ts';
import { Button } from './button.tsx';
import { FaultMessage } from './fault-message.tsx';
import { t } from './i18n.ts';
import { Notice } from './notice.tsx';

interface BannersProps {
  readonly overview: Overview | undefined;
  /** Why the worker could not be asked. */
  readonly loadFault: Fault | undefined;
  /** What went wrong with the last thing that the person asked for. */
  readonly actionFault: Fault | undefined;
  readonly onReload: () => void;
  readonly onDismiss: () => void;
  readonly onAllowAccess: () => void;
}

/** What is wrong, in words, with the button that mends it. */
export function Banners(props: BannersProps) {
  const { overview, loadFault, actionFault } = props;
  return (
    <>
      {loadFault === undefined ? null : (
        <Notice tone="error" actions={<Button onClick={props.onReload}>{t('try_again')}</Button>}>
          <FaultMessage fault={loadFault} />
        </Notice>
      )}
      {actionFault === undefined ? null : (
        <Notice tone="error" actions={<Button onClick={props.onDismiss}>{t('dismiss')}</Button>}>
          <FaultMessage fault={actionFault} />
        </Notice>
      )}
      {overview?.storageFaults.map((fault) => (
        <Notice tone="error" key={`${fault.code} ${fault.subject ?? ''}`}>
          <FaultMessage fault={fault} />
        </Notice>
      ))}
      {overview === undefined || overview.missingHostPatterns.length === 0 ? null : (
        <Notice
          tone="warn"
          actions={
            <Button kind="primary" onClick={props.onAllowAccess}>
              {t('allow_access')}
            </Button>
          }
        >
          <p>{t('hosts_missing')}</p>
          <ul>
            {overview.missingHostPatterns.map((pattern) => (
              <li key={pattern}>
                <code>{pattern}</code>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
