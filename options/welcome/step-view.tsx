import type { ComponentChildren } from 'preact';
import { t } from '#ui/i18n.ts';
import { steps, type Step } from './welcome-store.ts';

interface StepViewProps {
  readonly step: Step;
  /** The first step that is not done. */
  readonly current: Step | undefined;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Focuses the title of a step. */
export function focusStep(step: Step): void {
  document.getElementById(`step-${step}`)?.focus();
}

/** One step: its number, its title, and whether it is done. */
export function StepView({ step, current, title, children }: StepViewProps) {
  const isDone = isBefore(step, current);
  const isCurrent = step === current;
  return (
    <section
      class={`card stack step step-${step}${isCurrent ? ' step-current' : ''}`}
      aria-labelledby={`step-${step}`}
      aria-current={isCurrent ? 'step' : undefined}
    >
      <h2 id={`step-${step}`} class="step-title" tabIndex={-1}>
        <span class="step-number" aria-hidden="true">
          {isDone ? '✓' : steps.indexOf(step) + 1}
        </span>
        <span>
          <span class="visually-hidden">{t('step_number', `${steps.indexOf(step) + 1}`)} </span>
          {title}
        </span>
        {isDone ? <span class="tag">{t('step_done')}</span> : null}
      </h2>
      {children}
    </section>
  );
}

function isBefore(step: Step, current: Step | undefined): boolean {
  return current === undefined || steps.indexOf(step) < steps.indexOf(current);
}
