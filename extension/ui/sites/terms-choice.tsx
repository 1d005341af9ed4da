import { grantDurations, type GrantDuration } from '#core/grant/page-grant.ts';
import { SelectField } from '../controls/select-field.tsx';
import { t } from '../i18n.ts';

interface TermsChoiceProps {
  readonly duration: GrantDuration;
  /** Whether it may last longer than the browser session. */
  readonly mayLast: boolean;
  readonly onDuration: (duration: GrantDuration) => void;
  readonly isEveryPath: boolean;
  /** The text of the choice that is not every path; undefined when every path is all that can be chosen. */
  readonly somePathsText: string | undefined;
  readonly onEveryPath: (isEveryPath: boolean) => void;
}

/** How long a page is to be connected, and which paths it may call. */
export function TermsChoice(props: TermsChoiceProps) {
  const { duration, mayLast, onDuration, isEveryPath, somePathsText, onEveryPath } = props;
  const durations = mayLast ? grantDurations.toReversed() : (['session'] as const);
  return (
    <div class="terms">
      <SelectField
        id="duration"
        label={t('duration')}
        value={mayLast ? duration : 'session'}
        choices={durations.map((one) => [one, t(`duration_${one}`)] as const)}
        onChoose={onDuration}
      />
      {somePathsText === undefined ? null : (
        <SelectField
          id="path-choice"
          label={t('paths')}
          value={isEveryPath ? 'every' : 'some'}
          choices={[
            ['every', t('paths_every')],
            ['some', somePathsText],
          ]}
          onChoose={(choice) => {
            onEveryPath(choice === 'every');
          }}
        />
      )}
    </div>
  );
}
