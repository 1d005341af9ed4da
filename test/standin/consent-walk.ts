import type { Accounts } from './sites.ts';

/** What the person does on the pages. */
export interface ConsentChoice {
  /** Account id or nickname; default Ada. */
  readonly account?: string;
  readonly decision?: 'accept' | 'cancel';
  /** Cloud ids to leave ticked; default all on the page. */
  readonly sites?: readonly string[];
}

/**
 * Plays the person in front of the login and consent pages, form by form, with a fresh cookie jar.
 * Resolves with the address that the browser is sent to when it leaves atlassian.com.
 * @throws Error when a page other than login and consent appears, an error page for instance
 */
export async function walkConsent(
  fetchLike: typeof fetch,
  accounts: Accounts,
  authorizeUrl: string,
  choice: ConsentChoice,
): Promise<string> {
  let cookie = '';
  let url = authorizeUrl;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 10; step += 1) {
    const response = await fetchLike(url, {
      redirect: 'manual',
      headers: { ...(cookie ? { cookie } : {}) },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    const [setCookie = ''] = response.headers.getSetCookie();
    cookie = setCookie.split(';')[0] || cookie;
    const page = await response.text();
    const location = response.headers.get('location');
    form = undefined;
    if (location !== null) {
      url = new URL(location, url).href;
      if (!new URL(url).hostname.endsWith('atlassian.com')) return url;
      continue;
    }
    const next = fillForm(page, accounts, choice);
    if (next === undefined) throw new Error(`Stopped at ${url}: ${textOf(page)}`);
    form = next.form;
    url = new URL(next.action, url).href;
  }
  throw new Error(`Too many steps, last at ${url}`);
}

function fillForm(
  page: string,
  accounts: Accounts,
  choice: ConsentChoice,
): { action: string; form: URLSearchParams } | undefined {
  const [, action] = /<form[^>]* action="([^"]*)"/.exec(page) ?? [];
  if (action === undefined) return undefined;
  const [, ticket] = /name="ticket" value="([^"]*)"/.exec(page) ?? [];
  const target = action.replaceAll('&amp;', '&');
  if (ticket === undefined) {
    const account = accounts.get(choice.account ?? 'ada').accountId;
    return { action: target, form: new URLSearchParams({ account }) };
  }
  const form = new URLSearchParams({ ticket, decision: choice.decision ?? 'accept' });
  const offered = [...page.matchAll(/name="site" value="([^"]*)"/g)].map(([, id = '']) => id);
  offered
    .filter((id) => choice.sites?.includes(id) ?? true)
    .forEach((id) => form.append('site', id));
  return { action: target, form };
}

function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
