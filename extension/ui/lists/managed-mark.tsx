import { Icon } from './icon.tsx';
import { t } from '../i18n.ts';

/** Says that the organization's policy sets what it stands beside. */
export function ManagedMark() {
  return (
    <span class="with-icon small managed-mark">
      <Icon name="lock" />
      {t('managed')}
    </span>
  );
}
