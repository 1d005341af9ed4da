import type { Account } from '../core/session/session.ts';
import { t } from './i18n.ts';

/** The short name of an account: its name, else its address. */
export function accountName({ name, email }: Account): string {
  return name ?? email ?? t('account_unknown');
}

/** An account in a sentence: name and address, as far as they are known. */
export function accountText(account: Account): string {
  const name = accountName(account);
  return account.email === undefined || account.email === name
    ? name
    : `${name} (${account.email})`;
}
