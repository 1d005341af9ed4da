import { t } from '../extension/ui/i18n.ts';
import type { EditorStore } from './editor-store.ts';
import { EditorText } from './editor-text.tsx';

/** The two endpoints: right for Cloud as they are, so they are folded away until one is wrong. */
export function EndpointFields({ editor }: { readonly editor: EditorStore }) {
  const { authorizationEndpoint, tokenEndpoint } = editor.problems.value;
  const isWrong = authorizationEndpoint !== undefined || tokenEndpoint !== undefined;
  return (
    <details {...(isWrong ? { open: true } : {})}>
      <summary>{t('endpoints')}</summary>
      <div class="stack">
        <p class="muted small">{t('endpoints_hint')}</p>
        <EditorText
          editor={editor}
          field="authorizationEndpoint"
          label="authorization_endpoint"
          isRequired
          isCode
        />
        <EditorText
          editor={editor}
          field="tokenEndpoint"
          label="token_endpoint"
          isRequired
          isCode
        />
      </div>
    </details>
  );
}
