import type { GrantedSite } from '#core/grant/page-grant.ts';

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

/** Where a draft is kept: texts that end with the tab. */
export interface TabTexts {
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, text: string) => void;
}

const key = 'console';
const blank: ConsoleDraft = { method: 'GET', path: '', body: '' };

/** Whether a method has a body. */
export function hasBody({ method }: Pick<ConsoleDraft, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The draft that was kept; a blank one when there is none. */
export function keptDraft(texts: TabTexts): ConsoleDraft {
  try {
    const kept = JSON.parse(texts.read(key) ?? '{}') as Partial<ConsoleDraft>;
    const { method, path, body, site } = kept;
    return {
      method: consoleMethods.find((known) => known === method) ?? blank.method,
      path: typeof path === 'string' ? path : blank.path,
      body: typeof body === 'string' ? body : blank.body,
      ...(site === undefined ? {} : { site }),
    };
  } catch {
    return blank;
  }
}

/** Keeps a draft. One that is too large is not kept. */
export function keepDraft(texts: TabTexts, draft: ConsoleDraft): void {
  try {
    texts.write(key, JSON.stringify(draft));
  } catch {
    // It stays in the form.
  }
}
