import { Button } from '#ui/controls/button.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { StateMark } from '#ui/lists/state-mark.tsx';
import { t, tCount } from '#ui/i18n.ts';
import { isFlowRunning } from '#ui/state/flow-actions.ts';
import type { SignInClient } from '#wire/list-views.ts';
import type { AwaitedView } from '#wire/views.ts';
import type { PagePorts } from './page-store.ts';

interface AwaitedSitesProps {
  readonly awaited: readonly AwaitedView[];
  readonly clients: readonly SignInClient[];
  readonly store: PagePorts;
}

/** Of an imported connection: whose sign-ins its sites wait for, each with the button that signs in. */
export function AwaitedSites({ awaited, clients, store }: AwaitedSitesProps) {
  const isRunning = isFlowRunning(store.view.value?.flow);
  return (
    <ul class="page-sites">
      {awaited.map(({ clientId, name, siteCount }, at) => {
        const id = `awaited-${String(at)}`;
        const client = clients.find((one) => one.id === clientId)?.name ?? '';
        return (
          <li key={at} class="page-problem page-awaits">
            <span id={id}>
              <StateMark
                state="attention"
                text={
                  <>
                    {name === undefined ? (
                      <Sentence of="page_awaits" names={[client]} />
                    ) : (
                      <Sentence of="page_awaits_account" names={[name, client]} />
                    )}
                    <br />
                    <span class="muted small">{tCount('sites_count', siteCount)}</span>
                  </>
                }
              />
            </span>
            <Button
              aria-describedby={id}
              aria-disabled={isRunning}
              onClick={() => {
                if (!isRunning) void store.signIn(clientId);
              }}
            >
              {t('sign_in')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
