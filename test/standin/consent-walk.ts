import type { Accounts } from './facts/sites.ts';
import { openCookieJar } from './http/cookie-jar.ts';
import { escapeHtml } from './http/page-markup.ts';

/** What the person does on the pages. */
export interface ConsentChoice {
  /** Account id or nickname; default Ada. */
  readonly account?: string;
  readonly decision?: 'accept' | 'cancel';
  /** Cloud ids to leave ticked; default all on the page. */
  readonly sites?: readonly string[];
}

/** What the walk needs of the network. */
export interface WalkParts {
  readonly fetch: typeof fetch;
  readonly accounts: Accounts;
  /** Whether a host belongs to a system that is played, rather than to an app. */
  readonly isPlayed: (host: string) => boolean;
}

/**
 * Plays the person in front of the login and consent pages of any system, form by form, with fresh cookies.
 * Resolves with the address that the browser is sent to when it leaves the systems' hosts.
 * @throws Error when a page other than login and consent appears, an error page for instance
 */
export async function walkConsent(
  parts: WalkParts,
  authorizeUrl: string,
  choice: ConsentChoice,
): Promise<string> {
  const jar = openCookieJar();
  let url = authorizeUrl;
  let sent: { form: URLSearchParams; page: string } | undefined;
  for (let step = 0; step < 20; step += 1) {
    const cookie = jar.headerFor(new URL(url));
    const response = await parts.fetch(url, {
      redirect: 'manual',
      headers: { ...(cookie ? { cookie } : {}), ...(sent ? { referer: sent.page } : {}) },
      ...(sent ? { method: 'POST', body: sent.form } : {}),
    });
    jar.keep(new URL(url), response.headers.getSetCookie());
    const page = await response.text();
    const location = response.headers.get('location');
    sent = undefined;
    if (location !== null) {
      url = new URL(location, url).href;
      if (!parts.isPlayed(new URL(url).hostname)) return url;
      continue;
    }
    const next = fillForm(page, parts.accounts, choice);
    if (next === undefined) throw new Error(`Stopped at ${url}: ${textOf(page)}`);
    sent = { form: next.form, page: url };
    url = new URL(next.action, url).href;
  }
  throw new Error(`Too many steps, last at ${url}`);
}

function fillForm(
  page: string,
  accounts: Accounts,
  choice: ConsentChoice,
): { action: string; form: URLSearchParams } | undefined {
  const forms = [...page.matchAll(/<form[^]*?<\/form>/g)].map(([markup]) => markup);
  const consent = forms.find((markup) => markup.includes('name="ticket"'));
  if (consent !== undefined) return fillConsent(consent, choice);
  const { name } = accounts.get(choice.account ?? 'ada');
  const login = forms.find((markup) => markup.includes(`Log in as ${escapeHtml(name)}<`));
  const account = fieldOf(login ?? '', 'account');
  return login === undefined || account === undefined
    ? undefined
    : { action: actionOf(login), form: new URLSearchParams({ account }) };
}

function fillConsent(
  markup: string,
  choice: ConsentChoice,
): { action: string; form: URLSearchParams } {
  const form = new URLSearchParams({
    ticket: fieldOf(markup, 'ticket') ?? '',
    decision: choice.decision ?? 'accept',
  });
  const offered = [...markup.matchAll(/name="site" value="([^"]*)"/g)].map(([, id = '']) => id);
  offered
    .filter((id) => choice.sites?.includes(id) ?? true)
    .forEach((id) => form.append('site', id));
  return { action: actionOf(markup), form };
}

function fieldOf(markup: string, name: string): string | undefined {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(markup)?.[1]?.replaceAll('&amp;', '&');
}

function actionOf(markup: string): string {
  return (/ action="([^"]*)"/.exec(markup)?.[1] ?? '').replaceAll('&amp;', '&');
}

function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
