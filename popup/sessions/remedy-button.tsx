import type { ClientId } from '#core/client/client-configuration.ts';
import type { SessionId } from '#core/session/session.ts';
import { Button } from '#ui/controls/button.tsx';
import { t } from '#ui/i18n.ts';
import type { Remedy } from '#ui/sessions/session-state.ts';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import { clientRoute } from '#ui/state/options-routes.ts';
import type { SessionsPorts } from './sessions-store.ts';

interface RemedyButtonProps {
  readonly clientId: ClientId;
  readonly sessionId: SessionId;
  readonly store: Pick<SessionsPorts, 'view' | 'signIn' | 'openOptions'>;
  readonly remedy: Remedy;
  /** The id of what says what is wrong, or whose session it is. */
  readonly describedBy: string;
}

/** The button that mends a session. Signing in would fail while the provider refuses the client, so that opens the client. */
export function RemedyButton({
  remedy,
  describedBy,
  clientId,
  sessionId,
  store,
}: RemedyButtonProps) {
  if (remedy === 'client') {
    return (
      <Button
        aria-describedby={describedBy}
        onClick={() => void store.openOptions(clientRoute(clientId))}
      >
        {t('check_client')}
      </Button>
    );
  }
  const isRunning = isFlowRunning(store.view.value?.flow);
  return (
    <Button
      aria-describedby={describedBy}
      aria-disabled={isRunning}
      onClick={() => {
        if (!isRunning) void store.signIn(clientId, sessionId);
      }}
    >
      {t('sign_in_again')}
    </Button>
  );
}
