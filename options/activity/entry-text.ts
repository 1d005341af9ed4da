import type { ActivityResult } from '#core/activity/activity-entry.ts';
import { extensionIdOf, type Origin } from '#core/values/origin.ts';
import { t, tookText, type MessageKey } from '#ui/i18n.ts';
import type { ActivityEntryView } from '#wire/views.ts';
import { reasonOf, subjectOf } from './entry-reason.ts';

/** The texts for the results of calls. */
export const resultTexts: Readonly<Record<ActivityResult, MessageKey>> = {
  ok: 'result_ok',
  failed: 'result_failed',
  refused: 'result_refused',
  aborted: 'result_aborted',
};

const questionTexts: Readonly<Record<ActivityResult, MessageKey>> = {
  ok: 'question_allowed',
  failed: 'question_unanswered',
  refused: 'question_denied',
  aborted: 'question_withdrawn',
};

/** How something ended, in one or two words. */
export function resultText({ kind, result }: ActivityEntryView): string {
  return t((kind === 'question' ? questionTexts : resultTexts)[result]);
}

/** What was done. Of a call that is its method and path. */
export function actText(entry: ActivityEntryView): string {
  switch (entry.kind) {
    case 'call':
      return `${entry.method} ${entry.path}`;
    case 'question':
      if (entry.asked === 'site') return t('asked_which_site');
      return t(entry.access === 'read' ? 'asked_to_read' : 'asked_to_write');
    case 'connected':
      return t('page_was_connected');
    case 'disconnected':
      return t(entry.isByPage === true ? 'page_left' : 'page_was_disconnected');
  }
}

/** A page, or another extension, in a place where only a text can stand. */
export function originText(origin: Origin): string {
  const id = extensionIdOf(origin);
  return id === undefined ? origin : t('extension_named', id);
}

/** The entries as plain text, one a line, its parts separated by two spaces. They contain what was recorded, and no more. */
export function plainText(entries: readonly ActivityEntryView[]): string {
  return entries.map(lineOf).join('\n');
}

function lineOf(entry: ActivityEntryView): string {
  const call = entry.kind === 'call' ? entry : undefined;
  const subject = subjectOf(entry);
  const parts = [
    new Date(entry.atMs).toISOString(),
    originText(entry.origin),
    actText(entry),
    call?.site === undefined ? call?.otherHost : `${call.site.url} ${call.site.product}`,
    entry.kind === 'call' || entry.kind === 'question' ? resultText(entry) : undefined,
    call?.status === undefined ? undefined : t('http_status', String(call.status)),
    call === undefined ? undefined : tookText(call.tookMs),
    reasonOf(entry),
    subject === undefined ? undefined : `(${subject})`,
    entry.missingScopes?.join(' '),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('  ');
}
