import { activityResults, type ActivityResult } from '#core/activity/activity-entry.ts';
import type { DayCount } from '#core/activity/day-counts.ts';
import type { Origin } from '#core/values/origin.ts';
import { language, t } from '#ui/i18n.ts';
import type { ActivityEntryView } from '#wire/views.ts';

/** The entries of one day of the person's time zone. */
export interface ActivityDay {
  /** Identifies the day. */
  readonly key: string;
  /** `Today`, `Yesterday` or the date. */
  readonly title: string;
  readonly entries: readonly ActivityEntryView[];
}

/** Groups entries by day, in their order. */
export function byDay(entries: readonly ActivityEntryView[], nowMs: number): ActivityDay[] {
  const days = new Map<string, ActivityEntryView[]>();
  for (const entry of entries) {
    const key = dayOf(new Date(entry.atMs));
    const ofDay = days.get(key) ?? [];
    ofDay.push(entry);
    days.set(key, ofDay);
  }
  const today = new Date(nowMs);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const titles = new Map([
    [dayOf(yesterday), t('yesterday')],
    [dayOf(today), t('today')],
  ]);
  const date = new Intl.DateTimeFormat(language(), { dateStyle: 'full' });
  return [...days].map(([key, ofDay]) => ({
    key,
    title: titles.get(key) ?? date.format(ofDay[0]?.atMs),
    entries: ofDay,
  }));
}

function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-');
}

/** The calls of one page in 30 days: all, and by result. */
export type PageCount = Readonly<Record<ActivityResult | 'all', number>> & {
  readonly origin: Origin;
};

/** The calls of each page, the page with the most calls first. */
export function byPage(days: readonly DayCount[], only: Origin | undefined): PageCount[] {
  const pages = new Map<Origin, Record<ActivityResult | 'all', number>>();
  for (const day of days) {
    if (only !== undefined && day.origin !== only) continue;
    const page = pages.get(day.origin) ?? { all: 0, ok: 0, failed: 0, refused: 0, aborted: 0 };
    for (const result of activityResults) {
      page[result] += day[result];
      page.all += day[result];
    }
    pages.set(day.origin, page);
  }
  return [...pages]
    .map(([origin, counts]) => ({ origin, ...counts }))
    .sort((one, other) => other.all - one.all);
}
