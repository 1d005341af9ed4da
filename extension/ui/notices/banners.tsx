import type { ReadonlySignal } from '@preact/signals';
import type { Overview } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { Sentence } from '../controls/name.tsx';
import { ManagedMark } from '../lists/managed-mark.tsx';
import { Notice } from '../controls/notice.tsx';
import { t, tCount } from '../i18n.ts';
import type { BannerActions } from '../state/banner-actions.ts';
import type { PendingActions, Said } from '../state/pending-actions.ts';
import type { ViewStore } from '../state/view-store.ts';
import { FaultNotice } from './fault-notice.tsx';
import { StorageNotice, storageProblems } from './storage-notice.tsx';

/** The part of a page's store that the banners use. */
interface BannersStore extends BannerActions, Pick<ViewStore<unknown>, 'loadFault' | 'reload'> {
  readonly overview: ReadonlySignal<
    Pick<Overview, 'missingHostPatterns' | 'missingPolicyPatterns' | 'storageFaults'> | undefined
  >;
  readonly pendingActions: PendingActions;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
}

interface BannersProps {
  readonly store: BannersStore;
  /** Whether damaged entries share one notice. */
  readonly isCompact?: boolean;
}

/** Current problems, each with the button that resolves it. */
export function Banners({ store, isCompact = false }: BannersProps) {
  const { pendingActions } = store;
  const overview = store.overview.value;
  return (
    <>
      <FaultNotice
        fault={store.loadFault.value}
        actions={<Button onClick={() => void store.reload()}>{t('try_again')}</Button>}
      />
      <ActionNotices of={pendingActions} />
      {storageProblems(overview?.storageFaults ?? [], isCompact).map((problem) => (
        <StorageNotice
          key={problem.id}
          problem={problem}
          onForget={(keys) => void store.forgetDamaged(keys)}
          copyText={store.copyText}
        />
      ))}
      {overview === undefined || overview.missingPolicyPatterns.length === 0 ? null : (
        <Notice
          actions={
            <Button kind="primary" onClick={() => void store.allowPolicyHosts()}>
              {t('allow_policy_hosts')}
            </Button>
          }
        >
          <ManagedMark />
          <p>{tCount('policy_hosts_missing', overview.missingPolicyPatterns.length)}</p>
        </Notice>
      )}
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

/** Why the last action failed, or what it came to; both can be dismissed. */
export function ActionNotices({ of: { fault, said, dismiss } }: { readonly of: PendingActions }) {
  return (
    <>
      <FaultNotice
        fault={fault.value}
        actions={<Button onClick={dismiss}>{t('dismiss')}</Button>}
      />
      <SaidNotice said={said.value} onDismiss={dismiss} />
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
