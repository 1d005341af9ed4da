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

/** The texts for accounts that are shown together: the short one, or the full one where several of them have the same name. */
export function accountTexts(accounts: readonly Account[]): (account: Account) => string {
  const textsOf = new Map<string, Set<string>>();
  for (const account of accounts) {
    const name = accountName(account);
    textsOf.set(name, (textsOf.get(name) ?? new Set()).add(accountText(account)));
  }
  return (account) => {
    const name = accountName(account);
    return (textsOf.get(name)?.size ?? 0) > 1 ? accountText(account) : name;
  };
}
