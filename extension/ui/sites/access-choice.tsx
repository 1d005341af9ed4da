import { accessLevels, type Access } from '#core/grant/page-grant.ts';
import type { SiteKey } from '#core/session/site.ts';
import { Notice } from '../controls/notice.tsx';
import { sentences, t } from '../i18n.ts';

interface AccessHintProps {
  readonly access: Access;
  /** The sites that are selected. */
  readonly sites: readonly SiteKey[];
}

interface AccessChoiceProps extends AccessHintProps {
  readonly onChange: (access: Access) => void;
}

/** A choice of the access: read, or read and write. */
export function AccessChoice({ access: chosen, sites, onChange }: AccessChoiceProps) {
  return (
    <fieldset class="access-choice">
      <legend>{t('access')}</legend>
      <div class="access-choices">
        {accessLevels.map((access) => (
          <label class="choice" key={access}>
            <input
              type="radio"
              name="access"
              value={access}
              checked={access === chosen}
              onChange={() => {
                onChange(access);
              }}
            />
            {t(`access_${access}`)}
          </label>
        ))}
      </div>
      <AccessHint access={chosen} sites={sites} />
    </fieldset>
  );
}

/** What a page can do with an access. For an API that is not Atlassian's, no path that makes credentials is known. */
export function AccessHint({ access, sites }: AccessHintProps) {
  const hasOtherApi = sites.some(({ product }) => product === 'generic');
  return (
    <>
      <p class="muted small">{t(access === 'read' ? 'access_read_hint' : 'access_write_hint')}</p>
      {hasOtherApi ? (
        <Notice tone="warn">
          <p class="small">
            {access === 'read'
              ? t('other_api_hint')
              : sentences(t('other_api_hint'), t('other_api_write_hint'))}
          </p>
        </Notice>
      ) : null}
    </>
  );
}
