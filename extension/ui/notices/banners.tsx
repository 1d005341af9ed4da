import type { Fault } from '#core/values/fault.ts';
import type { Overview } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';
import { FaultMessage } from './fault-message.tsx';

interface BannersProps {
  readonly overview: Overview | undefined;
  /** Why the overview could not be loaded. */
  readonly loadFault: Fault | undefined;
  /** Why the person's last action failed. */
  readonly actionFault: Fault | undefined;
  readonly onReload: () => void;
  readonly onDismiss: () => void;
  readonly onAllowAccess: () => void;
  readonly onForget: (keys: readonly string[]) => void;
}

/** Current problems, each with the button that resolves it. */
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
        <StorageNotice
          key={`${fault.code} ${fault.subject ?? ''}`}
          fault={fault}
          onForget={props.onForget}
        />
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

function StorageNotice({ fault, onForget }: { fault: Fault; onForget: BannersProps['onForget'] }) {
  const isRestored = fault.code === 'storage_restored';
  const key = isRestored ? 'restored' : fault.subject;
  const isRemovable = key !== undefined && (isRestored || fault.code === 'storage_damaged');
  const forget = (): void => {
    if (key !== undefined) onForget([key]);
  };
  return (
    <Notice
      tone={isRestored ? 'warn' : 'error'}
      actions={
        isRemovable ? (
          <Button onClick={forget}>{t(isRestored ? 'dismiss' : 'remove')}</Button>
        ) : undefined
      }
    >
      <FaultMessage fault={fault} />
    </Notice>
  );
}
