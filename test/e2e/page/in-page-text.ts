/* Sent into the page as source text, like the functions of `in-page.ts`: self-contained, waiting by observation. */

export interface TextRequest {
  readonly text: string;
  readonly flags: string | null;
  readonly isWanted: boolean;
  readonly of: 'text' | 'url';
  readonly deadlineMs: number;
}

/** Waits until the visible text (or the address of the loaded document) contains or matches, or no longer does. */
export async function waitForTextInPage(request: TextRequest): Promise<void> {
  const normal = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const shadowTexts = (root: ParentNode): string[] =>
    [...root.querySelectorAll('*')].flatMap((element) =>
      element.shadowRoot
        ? [
            ...[...element.shadowRoot.children].map((child) =>
              child instanceof HTMLElement ? child.innerText : '',
            ),
            ...shadowTexts(element.shadowRoot),
          ]
        : [],
    );
  const subject = (): string =>
    request.of === 'url'
      ? document.readyState === 'complete'
        ? location.href
        : ''
      : [document.querySelector('body')?.innerText ?? '', ...shadowTexts(document)].join('\n');
  const fits = (): boolean => {
    const now = subject();
    const isThere =
      request.flags === null
        ? normal(now).includes(normal(request.text))
        : new RegExp(request.text, request.flags).test(now);
    return isThere === request.isWanted;
  };
  await new Promise<void>((resolve, reject) => {
    const EVENTS = [
      'transitionend',
      'animationend',
      'load',
      'toggle',
      // What `content-visibility` does not draw yet is no visible text.
      'contentvisibilityautostatechange',
      'hashchange',
      'popstate',
      'input',
      'change',
    ];
    let isScheduled = false;
    const attempt = (): void => {
      isScheduled = false;
      if (!fits()) return;
      finish();
      resolve();
    };
    const schedule = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      setTimeout(attempt, 0);
    };
    const observer = new MutationObserver(schedule);
    const timer = setTimeout(() => {
      finish();
      reject(
        new Error(
          `waited ${request.deadlineMs} ms for ${request.isWanted ? '' : 'the end of '}${request.of} ${request.flags === null ? `"${request.text}"` : `/${request.text}/${request.flags}`} at ${location.href}. Text: ${normal(document.querySelector('body')?.innerText ?? '').slice(0, 600)}`,
        ),
      );
    }, request.deadlineMs);
    const finish = (): void => {
      observer.disconnect();
      clearTimeout(timer);
      for (const name of EVENTS) removeEventListener(name, schedule, true);
      document.removeEventListener('readystatechange', schedule);
    };
    observer.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    for (const name of EVENTS) addEventListener(name, schedule, true);
    document.addEventListener('readystatechange', schedule);
    attempt();
  });
}
