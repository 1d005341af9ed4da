import { accessLevels, type Access } from '#core/call/page-grant.ts';
import { t } from '#ui/i18n.ts';

interface AccessChoiceProps {
  readonly value: Access;
  readonly onChange: (access: Access) => void;
}

/** A choice of the access: read, or read and write. */
export function AccessChoice({ value, onChange }: AccessChoiceProps) {
  return (
    <fieldset class="stack stack-tight">
      <legend>{t('access')}</legend>
      <div class="access-choices">
        {accessLevels.map((access) => (
          <label class="choice" key={access}>
            <input
              type="radio"
              name="access"
              value={access}
              checked={access === value}
              onChange={() => {
                onChange(access);
              }}
            />
            {t(`access_${access}`)}
          </label>
        ))}
      </div>
      <p class="muted small">{t(value === 'read' ? 'access_read_hint' : 'access_write_hint')}</p>
    </fieldset>
  );
}
