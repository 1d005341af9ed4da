import type { GrantView } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import { t } from '../i18n.ts';

interface SuspendedNoticeProps {
  readonly grant: Pick<
    GrantView,
    'hasHostPermission' | 'isServed' | 'isPaused' | 'isBlocked' | 'isManaged'
  >;
  /** Requests the host permission again. */
  readonly onAllow: () => void;
  /** Lets a paused connection have effect again. */
  readonly onResume?: () => void;
  /** The person denied the browser's prompt. */
  readonly isRefused?: boolean;
}

/** Why a connection has no effect now, and the button that makes it active again; nothing while it has effect. */
export function SuspendedNotice(props: SuspendedNoticeProps) {
  const { grant, onAllow, onResume, isRefused = false } = props;
  if (grant.isBlocked === true) {
    return (
      <Notice tone="warn">
        <p>{t('fault_blocked_by_policy')}</p>
      </Notice>
    );
  }
  if (grant.isPaused === true) {
    return (
      <Notice
        tone="warn"
        actions={
          onResume && (
            <Button kind="primary" onClick={onResume}>
              {t('resume')}
            </Button>
          )
        }
      >
        <p>{t('page_paused')}</p>
      </Notice>
    );
  }
  if (!grant.isServed) {
    return (
      <Notice tone="warn">
        <p>{t('extension_unserved')}</p>
      </Notice>
    );
  }
  // The permission for all pages of the policy is asked for at once, above.
  if (grant.hasHostPermission || grant.isManaged === true) return null;
  return (
    <Notice
      tone="warn"
      actions={
        <Button kind="primary" onClick={onAllow}>
          {t('allow_again')}
        </Button>
      }
    >
      <p>{t('page_withheld')}</p>
      {isRefused ? <p>{t('page_still_withheld')}</p> : null}
    </Notice>
  );
}

/** Whether a connection has no effect now, or all of its sites wait for a sign-in. */
export function isSuspended(
  grant: SuspendedNoticeProps['grant'] &
    Pick<GrantView, 'awaited'> & { readonly sites: readonly unknown[] },
): boolean {
  return !hasEffect(grant) || (grant.awaited !== undefined && grant.sites.length === 0);
}

/** Whether a connection has an effect now. */
export function hasEffect({
  hasHostPermission,
  isServed,
  isPaused,
  isBlocked,
}: SuspendedNoticeProps['grant']): boolean {
  return hasHostPermission && isServed && isPaused !== true && isBlocked !== true;
}
