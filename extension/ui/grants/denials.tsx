import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DenialView } from '#wire/views.ts';
import { Button } from '../controls/button.tsx';
import { dateTime, listed, t, tCount } from '../i18n.ts';
import type { GrantActions } from '../state/grant-actions.ts';
import { GranteeName } from './grantee-name.tsx';
import { PathList } from './path-list.tsx';

interface DenialsProps {
  readonly denials: readonly DenialView[];
  readonly actions: GrantActions;
  /** Whether they are those of all pages, and say whose question each was. */
  readonly isNamed?: boolean;
  /** What gets the focus when the last denial is forgotten. */
  readonly fallback: RefObject<HTMLElement | null>;
}

/** In the popup more denials than this are folded. */
const mostShownDenials = 3;

/** The questions that the person denied, each with a button that lets the page ask again. */
export function Denials({ denials, actions, isNamed = false, fallback }: DenialsProps) {
  const list = useRef<HTMLUListElement>(null);
  const toFocus = useRef<number | undefined>(undefined);
  // The button that was pressed goes with its row. The next one gets the focus.
  useLayoutEffect(() => {
    const at = toFocus.current;
    toFocus.current = undefined;
    if (at === undefined) return;
    const buttons = list.current?.querySelectorAll('button') ?? [];
    (buttons[Math.min(at, buttons.length - 1)] ?? fallback.current)?.focus();
  }, [denials.length, fallback]);
  if (denials.length === 0) return null;
  return (
    <details class="card" open={isNamed || denials.length <= mostShownDenials}>
      <summary>{tCount('denied_requests', denials.length)}</summary>
      <ul class="stack" ref={list}>
        {denials.map((denial, at) => (
          <li key={denial.id} class="denial">
            <div class="stack stack-tight" id={`denial-${denial.id}`}>
              {isNamed ? (
                <strong>
                  <GranteeName origin={denial.origin} />
                </strong>
              ) : null}
              <span>{askedText(denial)}</span>
              {denial.paths === undefined || denial.paths.includes('/') ? null : (
                <PathList paths={denial.paths} />
              )}
              <span class="muted small">
                {t('denied_on', dateTime(denial.deniedAtMs), dateTime(denial.endsAtMs))}
              </span>
            </div>
            <Button
              aria-describedby={`denial-${denial.id}`}
              onClick={() => {
                toFocus.current = at;
                void actions.forgetDenial(denial);
              }}
            >
              {t('forget')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function askedText({ kind, access, product, products, cloudId }: DenialView): string {
  if (kind === 'site') {
    const name = product === undefined ? '' : t(`product_${product}`);
    return t(cloudId === undefined ? 'denied_site' : 'denied_account', name);
  }
  if (products === undefined) return t(access === 'read' ? 'denied_read' : 'denied_write');
  const names = listed(products.map((one) => t(`product_${one}`)));
  return t(access === 'read' ? 'denied_read_of' : 'denied_write_of', names);
}
