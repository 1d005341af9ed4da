import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { bytesText, numberText, sentences, t, tookText, type MessageKey } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { ConsoleResponse } from '#wire/console.ts';
import type { ConsoleRun } from '../console-calls.ts';
import type { ConsoleStore } from '../console-store.ts';
import type { ShownBody } from '../shown-body.ts';
import { refusalText } from './refusal-text.ts';

/** How the last call ended. */
export function RunResult({ store }: { readonly store: ConsoleStore }) {
  const run = store.run.value;
  if (run === undefined) return null;
  return (
    <section class="stack" aria-labelledby="console-result">
      <h2 id="console-result">{t('console_result')}</h2>
      <p>
        <code class="console-request">{run.request}</code>
      </p>
      <Result run={run} store={store} />
    </section>
  );
}

function Result({ run, store }: { readonly run: ConsoleRun; readonly store: ConsoleStore }) {
  switch (run.state) {
    case 'running':
      return <p role="status">{t('console_running')}</p>;
    case 'cancelled':
      return (
        <Notice tone={run.mayHaveRun ? 'warn' : 'info'}>
          <p>{t(run.mayHaveRun ? 'console_cancelled_write' : 'console_cancelled')}</p>
        </Notice>
      );
    case 'failed':
      return run.rule === undefined ? (
        <FaultNotice fault={run.fault} />
      ) : (
        <Notice tone="error">
          <p>{sentences(t('console_refused'), refusalText(run.rule))}</p>
        </Notice>
      );
    case 'answered':
      return <Answer response={run.response} body={run.body} store={store} />;
  }
}

interface AnswerProps {
  readonly response: ConsoleResponse;
  readonly body: ShownBody | undefined;
  readonly store: ConsoleStore;
}

function Answer({ response, body, store }: AnswerProps) {
  const { status, statusText, tookMs, bodyBytes, headers, bodyFault, isTruncated } = response;
  return (
    <>
      <p role="status" class="row">
        <strong class={`console-status console-status-${String(Math.trunc(status / 100))}`}>
          {status} <bdi>{statusText}</bdi>
        </strong>
        <span class="tag">{t(statusWord(status))}</span>
        <span class="muted">
          {tookText(tookMs)} · {bytesText(bodyBytes)}
        </span>
      </p>
      {bodyFault === undefined ? null : (
        <>
          <FaultNotice fault={bodyFault} />
          <p>{t('console_broken')}</p>
        </>
      )}
      {isTruncated && bodyFault === undefined ? (
        <Notice tone="warn">
          <p>{t('console_truncated', bytesText(bodyBytes))}</p>
        </Notice>
      ) : null}
      <Disclosure title={t('console_headers', numberText(headers.length))} isNeeded={false}>
        <dl class="facts">
          {headers.map(([name, value], at) => (
            <div key={at} class="console-header">
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </Disclosure>
      <Body response={response} body={body} store={store} />
    </>
  );
}

function statusWord(status: number): MessageKey {
  if (status < 300) return 'console_status_success';
  if (status < 400) return 'console_status_redirect';
  return status < 500 ? 'console_status_client_error' : 'console_status_server_error';
}

function Body({ response: { text, bodyBytes }, body, store }: AnswerProps) {
  if (bodyBytes === 0) return <p class="muted">{t('console_empty_body')}</p>;
  if (text === undefined || body === undefined)
    return <p class="muted">{t('console_binary', bytesText(bodyBytes))}</p>;
  const { isFormatted, isJson } = body;
  return (
    <>
      <div class="row">
        <Button onClick={() => void store.copyText(text)}>{t('console_copy_body')}</Button>
        <Button
          onClick={() => {
            store.download(isJson ? 'response.json' : 'response.txt', text);
          }}
        >
          {t('console_download')}
        </Button>
        <span class="muted small">
          {isFormatted ? t('console_formatted') : t('console_as_received')}
        </span>
      </div>
      <BodyText body={body} />
    </>
  );
}

/** The height of a line of the body, in `em`. */
const lineHeight = 1.4;

/** The browser lays out the pieces that are seen; of the others it has an estimate of their height. */
function BodyText({ body: { pieces } }: { readonly body: ShownBody }) {
  return (
    <div class="console-body" role="region" aria-label={t('console_response_body')} tabIndex={0}>
      {pieces.map((piece, at) => (
        <pre
          key={at}
          style={{ containIntrinsicBlockSize: `auto ${String(linesOf(piece) * lineHeight)}em` }}
        >
          {piece}
        </pre>
      ))}
    </div>
  );
}

/** About how many lines a piece has, with those into which long ones are broken. */
function linesOf(piece: string): number {
  return Math.max(piece.split('\n').length - 1, Math.ceil(piece.length / 110));
}
