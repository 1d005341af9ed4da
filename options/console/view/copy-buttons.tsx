import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import type { ConsoleStore } from '../console-store.ts';
import { curlOf, pageCallOf } from '../copied-call.ts';

/** Copies the call, to be repeated elsewhere. */
export function CopyButtons({ store }: { readonly store: ConsoleStore }) {
  const done = useMemo(() => signal(''), []);
  const call = store.copied.value;
  const isSigned = store.isSigned.value;
  const copy = async (text: string, note: string): Promise<void> => {
    done.value = (await store.copyText(text)) ? note : t('console_not_copied');
  };
  const copyCurl = (): void => {
    if (call === undefined) return;
    const signature = isSigned ? t('console_signature_needed') : undefined;
    const note = signature ?? t('console_curl_copied');
    void copy(curlOf(call, signature), note);
  };
  const copyPageCall = (): void => {
    if (call !== undefined) void copy(pageCallOf(call), t('copied'));
  };
  return (
    <>
      <Button aria-disabled={call === undefined} onClick={copyCurl}>
        {t('console_copy_curl')}
      </Button>
      <Button aria-disabled={call === undefined} onClick={copyPageCall}>
        {t('console_copy_page_call')}
      </Button>
      <span role="status" class="small">
        {done.value}
      </span>
    </>
  );
}
