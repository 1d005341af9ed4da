import type { Account } from '#core/session/session.ts';
import { t } from './i18n.ts';

/** An account, and the person's own name for its session. */
interface ShownAccount extends Account {
  readonly label?: string;
}

/** The short text for an account: the person's own name for it, else its name, else its email address. */
export function accountName({ label, name, email }: ShownAccount): string {
  return label ?? name ?? email ?? t('account_unknown');
}

/** The full text for an account: its short text, and what else tells whose it is. */
export function accountText(account: ShownAccount): string {
  const name = accountName(account);
  const other = account.email ?? account.name;
  return other === undefined || other === name ? name : t('account_in_full', name, other);
}

/** The texts for accounts that are shown together: the short one, or the full one where several of them have the same name. */
export function accountTexts(accounts: readonly ShownAccount[]): (account: ShownAccount) => string {
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
