import { useRef } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { t, tCount, type MessageKey } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { FoundScopes, OperationScopes } from '../operation-scopes.ts';

/** Finds the scopes that operations need, and adds them. */
export function OperationScopesView({ operations }: { readonly operations: OperationScopes }) {
  const { text, found, pendingActions } = operations;
  const result = useRef<HTMLDivElement>(null);
  return (
    <Disclosure title={t('operation_scopes')} isNeeded={found.value !== undefined}>
      <div class="field">
        <label for="operation-lines">{t('operation_lines')}</label>
        <textarea
          id="operation-lines"
          class="input input-code"
          rows={5}
          spellcheck={false}
          value={text.value}
          placeholder={'GET /rest/api/3/search/jql\nPOST /wiki/api/v2/pages'}
          aria-describedby="operation-lines-hint"
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <span id="operation-lines-hint" class="muted small">
          {t('operation_lines_hint')}
        </span>
      </div>
      <div class="row">
        <Button
          disabled={text.value.trim() === '' || pendingActions.running.value.has('find')}
          onClick={() => void operations.find()}
        >
          {t('find_scopes')}
        </Button>
      </div>
      <FaultNotice fault={pendingActions.fault.value} />
      <div class="stack stack-tight" role="status" tabIndex={-1} ref={result}>
        {found.value === undefined ? null : <Found found={found.value} />}
      </div>
      {found.value === undefined || found.value.lacking.length === 0 ? null : (
        <div class="row">
          <Button
            onClick={() => {
              operations.add();
              // The button goes, because nothing is lacking any more.
              result.current?.focus();
            }}
          >
            {t('add_these')}
          </Button>
        </div>
      )}
      <div class="stack stack-tight" role="status">
        {found.value === undefined ? null : <NotFound found={found.value} />}
      </div>
    </Disclosure>
  );
}

interface FoundProps {
  readonly found: FoundScopes;
}

function Found({ found: { count, lacking, isTooMany } }: FoundProps) {
  return (
    <>
      {count === 0 ? null : (
        <p>
          {lacking.length === 0
            ? tCount('scopes_suffice', count)
            : tCount('scopes_to_add', lacking.length)}{' '}
          {lacking.map((scope) => (
            <code key={scope} class="scope">
              {scope}
            </code>
          ))}
        </p>
      )}
      {isTooMany ? <p class="problem">{t('scopes_too_many')}</p> : null}
    </>
  );
}

/** The lines for which no scopes were found, and why. */
function NotFound({ found: { closed, unknown, unread } }: FoundProps) {
  return (
    <>
      <Lines title="operations_closed" lines={closed} />
      <Lines title="operations_unknown" lines={unknown} />
      <Lines title="operations_unread" lines={unread} />
    </>
  );
}

/** How many lines are named. */
const mostLines = 20;

interface LinesProps {
  readonly title: MessageKey;
  readonly lines: readonly string[];
}

function Lines({ title, lines }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <div>
      <p>{t(title)}</p>
      <ul class="paths">
        {lines.slice(0, mostLines).map((line) => (
          <li key={line}>
            <code>
              <bdi>{line}</bdi>
            </code>
          </li>
        ))}
      </ul>
      {lines.length > mostLines ? <p>{tCount('more_lines', lines.length - mostLines)}</p> : null}
    </div>
  );
}
