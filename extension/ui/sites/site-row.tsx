import type { Access } from '#core/grant/page-grant.ts';
import type { Account } from '#core/session/session.ts';
import { visibleText } from '#core/values/visible-text.ts';
import type { SiteRow } from '#wire/list-views.ts';
import { accountText } from '../account-text.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Name, Sentence } from '../controls/name.tsx';
import { StateIcon } from '../controls/state-icon.tsx';
import { t } from '../i18n.ts';
import { siteHost, siteName, SiteName } from '../notices/site-label.tsx';
import { servingProblem } from '../notices/site-problem.ts';

interface SiteRowProps {
  readonly type: 'checkbox' | 'radio';
  /** Undefined until the worker has sent it. */
  readonly row: SiteRow | undefined;
  readonly index: number;
  /** How many rows the list has. */
  readonly count: number;
  readonly isChosen: boolean;
  /** Whether Tab reaches it. */
  readonly isTabStop: boolean;
  /** The access that is to be granted. */
  readonly access: Access;
  readonly textOf: (account: Account) => string;
  /** Resolves the choice; returns whether the row is chosen then. */
  readonly onToggle: (row: SiteRow) => boolean;
  readonly onFocus: (index: number) => void;
}

/** A site in the list: its check box, picture, name, product and host, whose account calls it, and what is wrong. */
export function SiteRowItem(props: SiteRowProps) {
  const { type, row, index, count, isChosen, isTabStop, onToggle, onFocus } = props;
  return (
    <li
      class="site-row"
      style={{ top: `calc(${String(index)} * var(--site-row))` }}
      aria-setsize={count}
      aria-posinset={index + 1}
    >
      <label class="choice" title={row && fullText(row)}>
        <input
          type={type}
          data-row={index}
          tabIndex={isTabStop ? 0 : -1}
          checked={isChosen}
          aria-disabled={row === undefined ? 'true' : undefined}
          aria-label={row === undefined ? t('loading_row') : undefined}
          onFocus={() => {
            onFocus(index);
          }}
          onChange={(event) => {
            event.currentTarget.checked = row === undefined ? isChosen : onToggle(row);
          }}
        />
        {row === undefined ? null : <RowText {...props} row={row} />}
      </label>
    </li>
  );
}

function RowText({
  row,
  access,
  textOf,
}: Pick<SiteRowProps, 'access' | 'textOf'> & { readonly row: SiteRow }) {
  const problem = servingProblem(row, access);
  return (
    <>
      <Avatar name={row.name} dataUrl={row.avatarDataUrl} />
      <span class="site-row-text">
        <span class="site-row-line">
          <span class="site-row-name">
            <SiteName site={row} />
          </span>
          {problem === undefined ? null : (
            <span class="site-row-problem">
              <StateIcon state="attention" />
              <span>{problem}</span>
            </span>
          )}
        </span>
        <small class="site-row-line">
          <span class="site-row-host">
            <Name text={siteHost(row)} />
          </span>
          <span class="site-row-account">
            {' · '}
            <Sentence of="as_account" names={[textOf(row.account)]} />
          </span>
        </small>
      </span>
    </>
  );
}

/** All that is said of a site, of which the row may have room for the beginning only. */
function fullText(row: SiteRow): string {
  const account = t('as_account', accountText(row.account));
  return visibleText([siteName(row), siteHost(row), account, row.clientName].join(' · '));
}
