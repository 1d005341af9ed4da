import type { Account } from '#core/session/session.ts';
import { t } from './i18n.ts';

/** The short text for an account: its name, else its email address. */
export function accountName({ name, email }: Account): string {
  return name ?? email ?? t('account_unknown');
}

/** The full text for an account: name and email address, as far as they are known. */
export function accountText(account: Account): string {
  const name = accountName(account);
  return account.email === undefined || account.email === name
    ? name
    : `${name} (${account.email})`;
}
