import { randomBytes } from 'node:crypto';
import type { Account } from '../facts/sites.ts';
import { html, redirect, type Answer } from '../http/answer.ts';
import { bodyFields, type Incoming } from '../http/incoming.ts';
import { escapeHtml, pageMarkup } from '../http/page-markup.ts';
import type { World } from '../state/world.ts';

const COOKIE = 'cloud.session.token';
// Like Atlassian's, the cookie is for every host of the domain: a client that does not leave
// credentials out would send it to the API, and the auditor would see it.
const cookieRules = ({ hosts }: World) =>
  `Domain=${hosts.domain}; Path=/; Secure; HttpOnly; SameSite=None`;

/** The account logged in with this browser. */
export function loggedInAccount(world: World, incoming: Incoming): Account | undefined {
  const cookies = (incoming.headers['cookie'] ?? '').split(/; */);
  const mine = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
  const accountId = world.logins.get(mine?.slice(COOKIE.length + 1) ?? '');
  return accountId === undefined ? undefined : world.accounts.find(accountId);
}

/** Where a browser is sent to log in first. */
export function loginUrl(world: World, continueTo: string): string {
  return `https://${world.hosts.id}/login?${new URLSearchParams({ continue: continueTo })}`;
}

/** Where a browser is sent to log out and choose another account. */
export function logoutUrl(world: World, continueTo: string): string {
  return `https://${world.hosts.id}/logout?${new URLSearchParams({ continue: continueTo })}`;
}

/** Answers the id host. */
export function answerId(world: World, incoming: Incoming): Answer | undefined {
  const { method, path, query } = incoming;
  if (method === 'GET' && path === '/error') return errorPage(query);
  const continueTo = safeContinue(world, query.get('continue'));
  if (method === 'GET' && path === '/login') return loginPage(world, continueTo);
  if (method === 'GET' && path === '/logout') {
    return redirect(303, loginUrl(world, continueTo), {
      'set-cookie': `${COOKIE}=; Max-Age=0; ${cookieRules(world)}`,
    });
  }
  if (method !== 'POST' || path !== '/login') return undefined;
  const account = world.accounts.find(bodyFields(incoming)?.get('account') ?? '');
  if (account === undefined) return loginPage(world, continueTo);
  const session = randomBytes(24).toString('base64url');
  world.logins.set(session, account.accountId);
  return redirect(303, continueTo, { 'set-cookie': `${COOKIE}=${session}; ${cookieRules(world)}` });
}

/** The page for an authorize request that must not be answered by a redirect to the app. */
export function errorRedirect(world: World, error: string, description: string): Answer {
  const query = new URLSearchParams({ error, error_description: description });
  return redirect(302, `https://${world.hosts.id}/error?${query}`);
}

function errorPage(query: URLSearchParams): Answer {
  const error = escapeHtml(query.get('error') ?? 'unknown');
  const description = escapeHtml(query.get('error_description') ?? '');
  return html(
    200,
    pageMarkup('Something went wrong', `<p><code>${error}</code></p><p>${description}</p>`),
  );
}

function loginPage(world: World, continueTo: string): Answer {
  const action = escapeHtml(`/login?${new URLSearchParams({ continue: continueTo })}`);
  const forms = world.accounts.all.map(
    ({ accountId, name, email }) => `<form class="account" method="post" action="${action}">
  <input type="hidden" name="account" value="${escapeHtml(accountId)}">
  <button>Log in as ${escapeHtml(name)}</button></form><code>${escapeHtml(email)}</code>`,
  );
  return html(200, pageMarkup('Log in to continue', forms.join('\n')));
}

/** Only back to authorize: the login must not be an open redirect. */
function safeContinue({ hosts }: World, value: string | null): string {
  const url = URL.parse(value ?? '');
  const home = `https://${hosts.auth}`;
  return url?.origin === home ? url.href : `${home}/`;
}
