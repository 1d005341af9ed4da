import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { Name } from '#ui/controls/name.tsx';
import { dateTime, listed, numberText, problemText, t, tCount } from '#ui/i18n.ts';
import type { PolicyView } from '#wire/about-view.ts';

/** What the organization's policy sets, and what of it is not applied. */
export function PolicySection({ policy }: { readonly policy: PolicyView }) {
  const { updateText, settings, pointsPerHour } = policy;
  return (
    <section class="card stack" aria-labelledby="about-policy">
      <h2 id="about-policy">{t('about_policy')}</h2>
      <ManagedMark />
      {updateText === undefined ? null : (
        <p class="policy-text">
          <Name text={updateText} />
        </p>
      )}
      <dl class="facts">
        <dt>{t('about_policy_applied')}</dt>
        <dd>{dateTime(policy.appliedAtMs)}</dd>
        <dt>{t('clients')}</dt>
        <dd>{numberText(policy.clientCount)}</dd>
        <dt>{t('about_policy_pages')}</dt>
        <dd>{numberText(policy.pageCount)}</dd>
        <dt>{t('about_policy_blocked')}</dt>
        <dd>{numberText(policy.blockedCount)}</dd>
        <dt>{t('settings')}</dt>
        <dd>
          {settings.length === 0
            ? t('about_no_setting')
            : listed(settings.map((name) => t(`setting_${name}`)))}
        </dd>
        {pointsPerHour === undefined ? null : (
          <>
            <dt>{t('about_policy_points')}</dt>
            <dd>{numberText(pointsPerHour)}</dd>
          </>
        )}
      </dl>
      <Problems policy={policy} />
    </section>
  );
}

/** Each member that is not valid, by its path. */
function Problems({ policy: { problems, problemCount } }: { readonly policy: PolicyView }) {
  if (problemCount === 0) return <p>{t('about_policy_valid')}</p>;
  return (
    <>
      <h3>{tCount('about_policy_problems', problemCount)}</h3>
      <ul>
        {problems.map(({ field, problem }) => (
          <li key={`${field} ${problem}`}>
            <code>
              <Name text={field === '' ? '/' : field} />
            </code>{' '}
            {problemText(problem)}
          </li>
        ))}
      </ul>
    </>
  );
}
