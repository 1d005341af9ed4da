import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isTakeable, lacksSecret, type TransferRow } from '#core/transfer/transfer-preview.ts';
import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { RowPages } from '#ui/controls/row-pages.tsx';
import { dateTime, t, tCount } from '#ui/i18n.ts';
import { maxRows } from '#wire/list-views.ts';
import type { ImportStore } from './import-store.ts';
import { Row, RowName } from './preview-row.tsx';

/** What needs a decision or cannot be decided comes before the new entries, of which there can be thousands. */
const groups = [
  ['differs', 'transfer_state_differs'],
  ['impossible', 'transfer_state_impossible'],
  ['new', 'transfer_state_new'],
] as const;

/** What an import would change. Its heading gets the focus when it appears. */
export function PreviewRows({ store }: { readonly store: ImportStore }) {
  const preview = store.preview.value;
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), [preview]);
  const rows = preview?.rows ?? [];
  const names = useMemo(() => new Map(rows.map(({ id, name }) => [id, name] as const)), [preview]);
  if (preview === undefined) return null;
  // A client that is asked for its secret is not on a later page.
  const inOrder = rows.toSorted(
    (one, other) => Number(lacksSecret(other)) - Number(lacksSecret(one)),
  );
  const of = (state: TransferRow['state']) => inOrder.filter((row) => row.state === state);
  const same = of('same');
  return (
    // Another preview begins with its first rows.
    <div class="stack" key={preview.digest}>
      <h3 ref={title} tabIndex={-1}>
        {t('transfer_made', dateTime(preview.madeAtMs))}
      </h3>
      {rows.some(isTakeable) ? null : <p>{t('transfer_nothing')}</p>}
      {groups.map(([state, text]) => (
        <Group key={state} title={t(text)} rows={of(state)}>
          {(row) => <Row key={row.id} row={row} names={names} store={store} />}
        </Group>
      ))}
      {same.length === 0 ? null : (
        <Disclosure title={t('transfer_state_same')} isNeeded={false}>
          <Part rows={same}>
            {(row) => (
              <li key={row.id}>
                <RowName row={row} />
              </li>
            )}
          </Part>
        </Disclosure>
      )}
      {rows.some(isTakeable) ? <Decision store={store} /> : null}
    </div>
  );
}

function Decision({ store }: { readonly store: ImportStore }) {
  const count = store.taken.value.size;
  return (
    <div class="row">
      <Button
        kind="primary"
        disabled={count === 0}
        aria-busy={store.isBusy.value}
        onClick={() => void store.run()}
      >
        {tCount('transfer_import_now', count)}
      </Button>
      <Button
        onClick={() => {
          store.takeAll(true);
        }}
      >
        {t('transfer_take_all')}
      </Button>
      <Button
        onClick={() => {
          store.takeAll(false);
        }}
      >
        {t('transfer_keep_all')}
      </Button>
    </div>
  );
}

interface PartProps {
  readonly rows: readonly TransferRow[];
  /** The class of the list. */
  readonly class?: string;
  readonly children: (row: TransferRow) => ComponentChildren;
}

function Group({ title, ...part }: PartProps & { readonly title: string }) {
  if (part.rows.length === 0) return null;
  return (
    <fieldset class="stack">
      <legend>
        <h4>{title}</h4>
      </legend>
      <Part {...part} class="stack" />
    </fieldset>
  );
}

/** As many rows as a list shows at once, and the buttons for the others. */
function Part({ rows, children, class: listClass }: PartProps) {
  const [offset, setOffset] = useState(0);
  const shown = rows.slice(offset, offset + maxRows);
  return (
    <>
      <ul class={listClass}>{shown.map(children)}</ul>
      <RowPages
        offset={offset}
        shown={shown.length}
        matching={rows.length}
        mostShown={maxRows}
        onTurn={setOffset}
      />
    </>
  );
}
