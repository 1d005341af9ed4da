import type { ReadonlySignal } from '@preact/signals';
import type { Fault } from '#core/values/fault.ts';
import type { Overview } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';
import type { BannerActions } from '../state/banner-actions.ts';
import type { PendingActions, Said } from '../state/pending-actions.ts';
import type { ViewStore } from '../state/view-store.ts';
import { FaultMessage } from './fault-message.tsx';
import { FaultNotice } from './fault-notice.tsx';

/** The part of a page's store that the banners use. */
interface BannersStore extends BannerActions, Pick<ViewStore<unknown>, 'loadFault' | 'reload'> {
  readonly overview: ReadonlySignal<
    Pick<Overview, 'missingHostPatterns' | 'storageFaults'> | undefined
  >;
  readonly pendingActions: PendingActions;
}

/** Current problems, each with the button that resolves it. */
export function Banners({ store }: { readonly store: BannersStore }) {
  const { pendingActions } = store;
  const overview = store.overview.value;
  return (
    <>
      <FaultNotice
        fault={store.loadFault.value}
        actions={<Button onClick={() => void store.reload()}>{t('try_again')}</Button>}
      />
      <FaultNotice
        fault={pendingActions.fault.value}
        actions={<Button onClick={pendingActions.dismiss}>{t('dismiss')}</Button>}
      />
      <SaidNotice said={pendingActions.said.value} onDismiss={pendingActions.dismiss} />
      {overview?.storageFaults.map((fault) => (
        <StorageNotice
          key={`${fault.code} ${fault.subject ?? ''}`}
          fault={fault}
          onForget={(key) => void store.forgetDamaged([key])}
        />
      ))}
      {overview === undefined || overview.missingHostPatterns.length === 0 ? null : (
        <Notice
          tone="warn"
          actions={
            <Button kind="primary" onClick={() => void store.allowAccess()}>
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

interface SaidNoticeProps {
  readonly said: Said | undefined;
  readonly onDismiss: () => void;
}

/** What the last action came to. */
function SaidNotice({ said, onDismiss }: SaidNoticeProps) {
  if (said === undefined) return null;
  const [key, ...substitutions] = said.text;
  return (
    <Notice
      tone={said.isWarning === true ? 'warn' : 'info'}
      actions={<Button onClick={onDismiss}>{t('dismiss')}</Button>}
    >
      <p>
        <Sentence of={key} names={substitutions} />
      </p>
    </Notice>
  );
}

interface StorageNoticeProps {
  readonly fault: Fault;
  readonly onForget: (key: string) => void;
}

function StorageNotice({ fault, onForget }: StorageNoticeProps) {
  const isRestored = fault.code === 'storage_restored';
  const key = isRestored ? 'restored' : fault.subject;
  const isRemovable = key !== undefined && (isRestored || fault.code === 'storage_damaged');
  const forget = (): void => {
    if (key !== undefined) onForget(key);
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
