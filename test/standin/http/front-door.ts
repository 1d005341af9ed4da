import { randomBytes, randomUUID } from 'node:crypto';
import type { Account, Accounts } from '../facts/sites.ts';
import { html, redirect, type Answer } from './answer.ts';
import type { Incoming } from './incoming.ts';
import { escapeHtml, pageMarkup } from './page-markup.ts';

/** What differs between the login and consent pages of two systems. */
export interface FrontDoorSpec {
  /** Shown in the heading of the login page. */
  readonly title: string;
  readonly accounts: Accounts;
  readonly cookie: string;
  /** Attributes of the cookie, for instance `Path=/jira; HttpOnly`. */
  readonly cookieRules: string;
  /** Paths that the two forms are posted to. */
  readonly loginPath: string;
  readonly consentPath: string;
}

/** What the person chose. */
export interface Decision<Request> {
  readonly request: Request;
  readonly account: Account;
  readonly isAccepted: boolean;
}

/** Login and consent pages, with the forms that `consent()` knows how to fill. */
export interface FrontDoor<Request> {
  /** Who is logged in with this browser. */
  visitor(incoming: Incoming): Account | undefined;
  loginPage(continueTo: string): Answer;
  /** POST of the login form: sets the cookie and goes on. */
  answerLogin(incoming: Incoming): Answer;
  consentPage(title: string, points: readonly string[], request: Request, who: Account): Answer;
  /** POST of the consent form; undefined when the page is stale or another person is logged in. */
  decide(incoming: Incoming): Decision<Request> | undefined;
}

/** A front door without logins. */
export function openFrontDoor<Request>(spec: FrontDoorSpec): FrontDoor<Request> {
  const logins = new Map<string, Account>();
  const tickets = new Map<string, { request: Request; account: Account }>();
  const visitor = (incoming: Incoming) => logins.get(cookieOf(incoming, spec.cookie) ?? '');
  return {
    visitor,
    loginPage: (continueTo) => {
      const action = `${spec.loginPath}?${new URLSearchParams({ continue: continueTo })}`;
      const forms = spec.accounts.all.map((account) => loginForm(action, account));
      return html(200, pageMarkup(`Log in to ${spec.title}`, forms.join('\n')));
    },
    answerLogin: (incoming) => {
      const form = new URLSearchParams(incoming.body.toString('utf8'));
      const account = spec.accounts.find(form.get('account') ?? '');
      const continueTo = incoming.query.get('continue') ?? '';
      // Only a path of this host: the login must not be an open redirect.
      if (account === undefined || !/^\/(?!\/)/.test(continueTo)) {
        return html(400, pageMarkup('Log in', '<p>This form is not ours.</p>'));
      }
      const session = randomBytes(24).toString('base64url');
      logins.set(session, account);
      const cookie = `${spec.cookie}=${session}; ${spec.cookieRules}`;
      return redirect(303, continueTo, { 'set-cookie': cookie });
    },
    consentPage: (title, points, request, account) => {
      const ticket = randomUUID();
      tickets.set(ticket, { request, account });
      return html(200, pageMarkup(title, consentForm(spec.consentPath, ticket, points, account)));
    },
    decide: (incoming) => {
      const form = new URLSearchParams(incoming.body.toString('utf8'));
      const ticket = form.get('ticket') ?? '';
      const shown = tickets.get(ticket);
      tickets.delete(ticket);
      if (shown === undefined || visitor(incoming) !== shown.account) return undefined;
      return { ...shown, isAccepted: form.get('decision') === 'accept' };
    },
  };
}

/** The value of a cookie. */
function cookieOf(incoming: Incoming, name: string): string | undefined {
  const cookies = (incoming.headers['cookie'] ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** One button that logs a person in. */
export function loginForm(action: string, { accountId, name, email }: Account): string {
  return `<form class="account" method="post" action="${escapeHtml(action)}">
<input type="hidden" name="account" value="${escapeHtml(accountId)}">
<button>Log in as ${escapeHtml(name)}</button></form><code>${escapeHtml(email)}</code>`;
}

/** What an app asks for, and the two buttons. */
export function consentForm(
  action: string,
  ticket: string,
  points: readonly string[],
  { name }: Account,
): string {
  const items = points.map((point) => `<li><code>${escapeHtml(point)}</code></li>`);
  return `<p>You are logged in as <strong>${escapeHtml(name)}</strong>.</p>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="ticket" value="${ticket}"><ul>${items.join('')}</ul>
<button class="primary" name="decision" value="accept">Allow</button>
<button name="decision" value="cancel">Deny</button></form>`;
}
