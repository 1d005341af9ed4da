import type { IconState } from '#ui/controls/state-icon.tsx';
import { isSuspended } from '#ui/grants/suspended-notice.tsx';
import { t } from '#ui/i18n.ts';
import type { PageConnectionView } from '#wire/list-views.ts';

/** What the popup says of the page, as a word with an icon. */
export interface PageState {
  readonly state: IconState;
  readonly text: string;
}

/** A connection that has no effect now comes first, then one that needs the person. */
export function pageState(page: PageConnectionView | undefined): PageState {
  if (page === undefined) return { state: 'none', text: t('page_not_connected') };
  if (page.isPaused === true) return { state: 'paused', text: t('paused') };
  if (isSuspended(page)) return { state: 'suspended', text: t('suspended') };
  if (page.awaited !== undefined || page.problemCount > 0)
    return { state: 'attention', text: t('needs_you') };
  return { state: 'good', text: t('page_connected') };
}
