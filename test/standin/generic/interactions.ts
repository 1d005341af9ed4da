import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Accounts } from '../facts/sites.ts';
import { consentForm, loginForm } from '../http/front-door.ts';
import { readBody } from '../http/incoming.ts';
import { pageMarkup } from '../http/page-markup.ts';

/** The login and consent pages that oidc-provider sends people to: `/interaction/{uid}`. */
export async function answerInteraction(
  provider: Provider,
  accounts: Accounts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(message, response);
  const { prompt, params, uid, session } = details;
  const path = `/interaction/${uid}`;
  if (message.method === 'POST') {
    const form = new URLSearchParams((await readBody(message)).toString('utf8'));
    const result = await resultOf(provider, accounts, details, form);
    await provider.interactionFinished(message, response, result, {
      mergeWithLastSubmission: true,
    });
    return;
  }
  const account = accounts.find(session?.accountId ?? '');
  const isLogin = prompt.name === 'login' || account === undefined;
  const scopes = scopeOf(params).split(' ');
  const page = isLogin
    ? pageMarkup('Log in', accounts.all.map((entry) => loginForm(path, entry)).join('\n'))
    : pageMarkup('An app asks for access', consentForm(path, uid, scopes, account));
  response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(page);
}

function scopeOf({ scope }: Readonly<Record<string, unknown>>): string {
  return typeof scope === 'string' ? scope : '';
}

async function resultOf(
  provider: Provider,
  accounts: Accounts,
  details: Awaited<ReturnType<Provider['interactionDetails']>>,
  form: URLSearchParams,
): Promise<InteractionResults> {
  const { prompt, params, session, grantId } = details;
  if (prompt.name === 'login') {
    const account = accounts.find(form.get('account') ?? '');
    return account
      ? { login: { accountId: account.accountId } }
      : { error: 'access_denied', error_description: 'Nobody logged in' };
  }
  if (form.get('decision') !== 'accept') {
    return { error: 'access_denied', error_description: 'The request was denied' };
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    known ??
    new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params['client_id']),
    });
  grant.addOIDCScope(scopeOf(params));
  return { consent: { grantId: await grant.save() } };
}
