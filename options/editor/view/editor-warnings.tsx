import { normaliseDraft } from '#core/client/client-configuration.ts';
import { effectiveScopes } from '#core/client/client-endpoints.ts';
import { endsSessions } from '#core/client/ends-sessions.ts';
import { missingScopes } from '#core/protocol/scope.ts';
import { Notice } from '#ui/controls/notice.tsx';
import { t, tCount } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

interface EditorWarningsProps {
  readonly editor: EditorStore;
  /** How many sessions the client has. */
  readonly sessionCount: number;
}

/** Warns of what saving does to the callback URL, the sessions and their scopes. */
export function EditorWarnings({ editor, sessionCount }: EditorWarningsProps) {
  const { original, draft } = editor;
  if (original === undefined) return null;
  const tidy = normaliseDraft(draft.value);
  const hasOtherCallback = tidy.authorizationEndpoint !== original.authorizationEndpoint;
  const isEnding = endsSessions(original, tidy);
  const needsConsent =
    missingScopes(tidy.scopes, effectiveScopes(original, original.scopes)).length > 0;
  const texts = [
    ...(hasOtherCallback ? [t('callback_changes')] : []),
    ...(isEnding && sessionCount > 0 ? [tCount('sessions_end', sessionCount)] : []),
    ...(!isEnding && needsConsent && sessionCount > 0 ? [t('scopes_need_consent')] : []),
  ];
  if (texts.length === 0) return null;
  return (
    <Notice tone="warn">
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </Notice>
  );
}
