import type { ComponentChildren } from 'preact';
import { Name, Names, Sentence } from '#ui/controls/name.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { StateIcon, type IconState } from '#ui/controls/state-icon.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { isSuspended, SuspendedNotice } from '#ui/grants/suspended-notice.tsx';
import { dateTime, t, tCount } from '#ui/i18n.ts';
import { siteName } from '#ui/notices/site-label.tsx';
import { siteProblemText } from '#ui/notices/site-problem.ts';
import { NamedSites } from '#ui/sites/selected-sites.tsx';
import type { GrantRow } from '#wire/list-views.ts';
import { OpeningItem } from '../items/opening-item.tsx';

interface PageItemProps {
  readonly row: GrantRow;
  readonly isOpen: boolean;
  readonly isUnsaved: boolean;
  readonly onToggle: () => void;
  /** Requests the host permission again. */
  readonly onAllow: () => void;
  readonly onResume: () => void;
  /** What is shown of the open connection. */
  readonly children: ComponentChildren;
}

/** One connection in the list: whose it is, its sites, its state and use; opened, everything else. */
export function PageItem(props: PageItemProps) {
  const { row, isOpen, isUnsaved, onToggle, onAllow, onResume, children } = props;
  const { icon, word } = stateOf(row);
  return (
    <OpeningItem
      detailsId={`details-${row.origin}`}
      title={<GranteeName origin={row.origin} />}
      below={
        <>
          <span class="muted small selected-sites">
            <NamedSites sites={row.sites} count={row.siteCount} />
          </span>
          <Problems row={row} />
          <Awaited row={row} />
          {row.isManaged === true ? <ManagedMark /> : null}
          {isUnsaved ? <span class="small">{t('unsaved_changes')}</span> : null}
        </>
      }
      icon={icon}
      state={word}
      numbers={useText(row)}
      notice={<SuspendedNotice grant={row} onAllow={onAllow} onResume={onResume} />}
      isOpen={isOpen}
      onToggle={onToggle}
    >
      {children}
    </OpeningItem>
  );
}

/** In words, what is wrong with some of the sites. */
function Problems({ row: { sites, problemCount } }: Pick<PageItemProps, 'row'>) {
  const shown = sites.flatMap((site) => (site.problem === undefined ? [] : [site.problem]));
  const [site] = sites;
  const [problem] = shown;
  if (site === undefined || problem === undefined) return null;
  return (
    <span class="with-icon small connection-problem">
      <StateIcon state="attention" />
      <span>
        <Names
          of={[
            <Sentence of="labelled" names={[siteName(site), siteProblemText(problem)]} />,
            ...(problemCount > 1 ? [<>{tCount('more_site_problems', problemCount - 1)}</>] : []),
          ]}
        />
      </span>
    </span>
  );
}

/** Whose sign-ins sites of an imported connection wait for. */
function Awaited({ row: { awaited = [] } }: Pick<PageItemProps, 'row'>) {
  return awaited.map(({ name }) => (
    <span key={name} class="with-icon small connection-problem">
      <StateIcon state="attention" />
      <span>
        {name === undefined ? (
          t('awaits_sign_in')
        ) : (
          <Sentence of="awaits_account" names={[<Name text={name} />]} />
        )}
      </span>
    </span>
  ));
}

function stateOf(row: GrantRow): { readonly icon: IconState; readonly word: string } {
  if (row.isPaused === true) return { icon: 'none', word: t('paused') };
  if (isSuspended(row)) return { icon: 'attention', word: t('suspended') };
  return { icon: 'good', word: t(`access_${row.access}`) };
}

/** When and how often it called, and what limits the connection. */
function useText({ lastUsedAtMs, callsIn30Days, duration, paths }: GrantRow): string {
  const parts = [
    lastUsedAtMs === undefined ? t('last_used_unknown') : t('last_used_on', dateTime(lastUsedAtMs)),
    ...(callsIn30Days === undefined ? [] : [tCount('calls_in_30_days', callsIn30Days)]),
    ...(paths === undefined ? [] : [tCount('paths_these', paths.length)]),
    ...(duration === 'session' ? [t('duration_session')] : []),
  ];
  return parts.join(' · ');
}
