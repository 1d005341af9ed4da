import type { GrantedSite } from '#core/grant/page-grant.ts';
import { keepObject, keptObject, type TabTexts } from '../tab/tab-texts.ts';

/** The methods that can be sent. */
export const consoleMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
export type ConsoleMethod = (typeof consoleMethods)[number];

/** What is typed. */
export interface ConsoleDraft {
  readonly method: ConsoleMethod;
  readonly path: string;
  /** Kept while the method has none. */
  readonly body: string;
  readonly site?: GrantedSite;
}

const key = 'console';
const blank: ConsoleDraft = { method: 'GET', path: '', body: '' };

/** Whether a method has a body. */
export function hasBody({ method }: Pick<ConsoleDraft, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The draft that was kept; a blank one when there is none. */
export function keptDraft(texts: TabTexts): ConsoleDraft {
  const { method, path, body, site }: Partial<ConsoleDraft> = keptObject(texts, key);
  return {
    method: consoleMethods.find((known) => known === method) ?? blank.method,
    path: typeof path === 'string' ? path : blank.path,
    body: typeof body === 'string' ? body : blank.body,
    ...(site === undefined ? {} : { site }),
  };
}

/** Keeps a draft, unless it is too large. */
export function keepDraft(texts: TabTexts, draft: ConsoleDraft): void {
  keepObject(texts, key, draft);
}
