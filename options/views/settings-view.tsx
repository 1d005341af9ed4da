import {
  firstSettings,
  settingFields,
  settingNames,
  type SettingName,
} from '#core/values/settings.ts';
import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { TextField } from '#ui/controls/field.tsx';
import { ManagedMark } from '#ui/lists/managed-mark.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { SwitchField } from '#ui/controls/switch-field.tsx';
import { numberText, problemText, sentences, t } from '#ui/i18n.ts';
import { FaultNotice } from '#ui/notices/fault-notice.tsx';
import type { SettingsStore } from '../state/settings-store.ts';

/** The form for the settings. */
export function SettingsView({ settings }: { readonly settings: SettingsStore }) {
  const save = async (): Promise<void> => {
    const wrong = await settings.save();
    if (wrong !== undefined) document.getElementById(`setting-${wrong}`)?.focus();
  };
  return (
    <form
      class="stack settings"
      noValidate
      aria-labelledby="settings-title"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h1 id="settings-title">{t('settings')}</h1>
      <p class="muted">{t('settings_intro')}</p>
      <p>
        <a href="#/transfer">{t('transfer_link')}</a>
      </p>
      {settings.view.value === undefined ? null : <AllSettings settings={settings} />}
      <Outcome settings={settings} />
      {settings.view.value === undefined ? null : (
        <div class="row">
          <Button kind="primary" isSubmit aria-busy={settings.isBusy.value}>
            {t('save')}
          </Button>
          <Button onClick={() => void settings.restore()}>{t('restore_defaults')}</Button>
        </div>
      )}
    </form>
  );
}

/** What people set first, then the rest, which opens by itself when something in it is changed or wrong. */
function AllSettings({ settings }: { readonly settings: SettingsStore }) {
  const advanced = settingNames.filter((name) => !firstSettings.includes(name));
  const isUnusual = (name: SettingName): boolean =>
    name in settings.problems.value ||
    settings.texts.value[name] !== String(settings.view.value?.defaults[name]);
  return (
    <>
      {firstSettings.map((name) => (
        <Setting key={name} name={name} settings={settings} />
      ))}
      <Disclosure title={t('settings_advanced')} isNeeded={advanced.some(isUnusual)}>
        <p class="muted small">{t('settings_advanced_intro')}</p>
        {advanced.map((name) => (
          <Setting key={name} name={name} settings={settings} />
        ))}
      </Disclosure>
    </>
  );
}

interface SettingProps {
  readonly name: SettingName;
  readonly settings: SettingsStore;
  /** Whether the organization's policy sets it. */
  readonly isManaged?: boolean;
}

function Setting(props: SettingProps) {
  const isManaged = props.settings.view.value?.managed.includes(props.name) === true;
  if (!isManaged) return <SettingField {...props} />;
  return (
    <div class="stack stack-tight">
      <SettingField {...props} isManaged />
      <ManagedMark />
    </div>
  );
}

function SettingField({ name, settings, isManaged = false }: SettingProps) {
  const { unit } = settingFields[name];
  const text = settings.texts.value[name] ?? '';
  const shared = {
    id: `setting-${name}`,
    label: t(`setting_${name}`),
    problem: problemText(settings.problems.value[name]),
    hint: sentences(t(`help_${name}`), boundsOf(name, settings)),
    isDisabled: isManaged,
  };
  if (unit === 'choice') {
    return (
      <SelectField
        {...shared}
        value={text}
        choices={settingFields.defaultAccess.choices.map((choice): [string, string] => [
          choice,
          t(`access_${choice}`),
        ])}
        onChoose={(choice) => {
          settings.set(name, choice);
        }}
      />
    );
  }
  if (unit === 'switch') {
    return (
      <SwitchField
        {...shared}
        isOn={text === 'true'}
        onSwitch={(isOn) => {
          settings.set(name, String(isOn));
        }}
      />
    );
  }
  return (
    <TextField
      {...shared}
      unit={t(`unit_${unit}`)}
      inputMode={unit === 'time' ? 'text' : 'numeric'}
      value={text}
      isRequired
      onInput={(typed) => {
        settings.set(name, typed);
      }}
    />
  );
}

function boundsOf(name: SettingName, { view }: SettingsStore): string {
  const field = settingFields[name];
  const defaultValue = view.value?.defaults[name] ?? field.defaultValue;
  if (field.unit === 'switch') return t('default_value', t(defaultValue ? 'on' : 'off'));
  if (field.unit === 'choice') return t('default_value', t(`access_${field.defaultValue}`));
  return field.unit === 'time'
    ? t('default_value', String(defaultValue))
    : t('bounds_and_default', ...[field.min, field.max, Number(defaultValue)].map(numberText));
}

/** The outcome of the last change. */
function Outcome({ settings }: { readonly settings: SettingsStore }) {
  const fault = settings.fault.value;
  const outcome = settings.done.value;
  if (fault !== undefined) return <FaultNotice fault={fault} />;
  return outcome === undefined ? null : (
    <Notice>
      <p>{t(outcome === 'saved' ? 'settings_saved' : 'settings_restored')}</p>
    </Notice>
  );
}
