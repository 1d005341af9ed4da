import { normaliseDraft } from '#core/client/client-configuration.ts';
import { effectiveScopes } from '#core/client/client-endpoints.ts';
import { endsSessions } from '#core/client/ends-sessions.ts';
import { missingScopes } from '#core/protocol/scope.ts';
import { accountName } from '#ui/account-text.ts';
import { Notice } from '#ui/controls/notice.tsx';
import { listed, t } from '#ui/i18n.ts';
import type { SessionView } from '#wire/views.ts';
import type { EditorStore } from '../editor-store.ts';

interface EditorWarningsProps {
  readonly editor: EditorStore;
  readonly sessions: readonly SessionView[];
}

/** Warns of what saving does to the callback URL, the sessions and their scopes. */
export function EditorWarnings({ editor, sessions }: EditorWarningsProps) {
  const { original, draft } = editor;
  if (original === undefined) return null;
  const tidy = normaliseDraft(draft.value);
  const names = sessions
    .filter(({ clientId }) => clientId === original.id)
    .map(({ account }) => accountName(account));
  const hasOtherCallback = tidy.authorizationEndpoint !== original.authorizationEndpoint;
  const isEnding = endsSessions(original, tidy);
  const needsConsent =
    missingScopes(tidy.scopes, effectiveScopes(original, original.scopes)).length > 0;
  const texts = [
    ...(hasOtherCallback ? [t('callback_changes')] : []),
    ...(isEnding && names.length > 0 ? [t('sessions_end', listed(names))] : []),
    ...(!isEnding && needsConsent && names.length > 0 ? [t('scopes_need_consent')] : []),
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
