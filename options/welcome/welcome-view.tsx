import { useLayoutEffect, useRef } from 'preact/hooks';
import { CopyableText } from '#ui/controls/copyable-text.tsx';
import { numberText, t } from '#ui/i18n.ts';
import { isFlowRunning, type FlowActions } from '#ui/state/flow-actions.ts';
import type { PageToReturnTo } from '#ui/state/options-routes.ts';
import type { FlowView } from '#wire/views.ts';
import { focusField } from '../editor/focus-field.ts';
import { ClientStep, ClientSummary } from './client-step.tsx';
import { ConsoleSteps } from './console-step.tsx';
import { SignInStep } from './sign-in-step.tsx';
import { focusStep, StepView } from './step-view.tsx';
import { steps, type WelcomeStore } from './welcome-store.ts';

interface WelcomeViewProps {
  readonly store: WelcomeStore;
  readonly flow: FlowView | undefined;
  readonly actions: FlowActions;
  /** The page that the person came from. */
  readonly page: PageToReturnTo | undefined;
}

/** The first run: from the callback URL to the sites of an account, in the order in which it is done. */
export function WelcomeView({ store, flow, actions, page }: WelcomeViewProps) {
  const form = store.form.value;
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  const current = store.current.value;
  const isBusy = isFlowRunning(flow);
  const isSignedIn = store.found.value !== undefined;
  useLayoutEffect(() => {
    if (isBusy || isSignedIn) focusStep('sign-in');
  }, [isBusy, isSignedIn]);
  if (form === undefined) return null;
  // A fault of the client is mended in the fields here.
  const inPlace = { ...actions, showClient: () => focusField('clientId') };
  return (
    <>
      <div class="row row-spread">
        <h1 ref={title} tabIndex={-1}>
          {t('welcome_title')}
        </h1>
        <p class="muted" role="status">
          {current === undefined
            ? t('welcome_done')
            : t('step_of', numberText(steps.indexOf(current) + 1), numberText(steps.length))}
        </p>
      </div>
      <p>{t('welcome_intro')}</p>
      <div class="welcome">
        <StepView step="callback" current={current} title={t('step_callback')}>
          <CopyableText
            id="callback-url"
            label={t('callback_url')}
            value={form.redirectUri.value}
            rows={4}
            placeholder=""
            copyText={store.copyCallbackUrl}
          />
          <p class="muted small">{t('step_callback_hint')}</p>
        </StepView>
        <div class="stack welcome-steps">
          <StepView step="console" current={current} title={t('step_console')}>
            <ConsoleSteps />
          </StepView>
          <StepView step="client" current={current} title={t('step_client')}>
            {isSignedIn ? (
              <ClientSummary form={form} />
            ) : (
              <ClientStep form={form} store={store} isBusy={isBusy} />
            )}
          </StepView>
          <StepView step="sign-in" current={current} title={t('step_sign_in')}>
            <SignInStep store={store} flow={flow} actions={inPlace} page={page} />
          </StepView>
        </div>
      </div>
    </>
  );
}
