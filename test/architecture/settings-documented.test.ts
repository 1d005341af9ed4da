import { expect, it } from 'vitest';
import { settingFields, settingNames } from '../../extension/core/values/settings.ts';
import { sourceText } from './imports.ts';

/** The first cells of each row of the table: name, unit, default, bounds. */
const rows = [...sourceText('docs/settings.md').matchAll(/^\| `.*$/gmu)].map(([row]) =>
  row
    .split('|')
    .slice(1, 5)
    .map((cell) => cell.trim()),
);

it('lists every setting in docs/settings.md as it is', () => {
  const expected = settingNames.map((name) => {
    const field = settingFields[name];
    if (field.unit === 'switch')
      return [`\`${name}\``, 'switch', field.defaultValue ? 'on' : 'off', 'on, off'];
    if (field.unit === 'choice')
      return [`\`${name}\``, 'choice', field.defaultValue, field.choices.join(', ')];
    return field.unit === 'time'
      ? [`\`${name}\``, 'local time', field.defaultValue, '00:00–23:59']
      : [`\`${name}\``, field.unit, String(field.defaultValue), `${field.min}–${field.max}`];
  });
  expect(rows).toEqual(expected);
});
