import { settingFields, type SettingName } from '#core/values/settings.ts';
import { numberText, t, unitText } from '#ui/i18n.ts';

const units = { days: 'day', seconds: 'second' } as const;

/** The value of a setting, which is given as its text in an export, as a person reads it. */
export function settingText(name: SettingName, value: string): string {
  const { unit } = settingFields[name];
  switch (unit) {
    case 'switch':
      return t(value === 'true' ? 'on' : 'off');
    case 'choice':
      return t(value === 'read' ? 'access_read' : 'access_write');
    case 'time':
      return value;
    case 'count':
      return numberText(Number(value));
    default:
      return unitText(Number(value), units[unit]);
  }
}
