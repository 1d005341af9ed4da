import { profileOf } from '#core/provider/provider-profile.ts';
import { pkceMethods } from '#core/provider/provider-type.ts';
import { Button } from '#ui/controls/button.tsx';
import { Disclosure } from '#ui/controls/disclosure.tsx';
import { Problem, TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { numberText, problemText, t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';
import { parameterMembers, type ParameterMember, type ParameterRow } from '../parameter-rows.ts';

interface ProtocolDetailsProps {
  readonly editor: EditorStore;
}

/** Options that few clients need: the PKCE method and extra parameters. Open if one of them is set. */
export function ProtocolDetails({ editor }: ProtocolDetailsProps) {
  const { draft, parameters, problems } = editor;
  const { members, authorizationParameters } = profileOf(draft.value.type);
  const isUsed =
    draft.value.pkceMethod !== undefined ||
    parameterMembers.some((member) => parameters[member].rows.value.length > 0) ||
    parameterMembers.some((member) => problems.value[member] !== undefined);
  const preset = Object.entries(authorizationParameters);
  return (
    <Disclosure title={t('protocol_details')} isNeeded={isUsed}>
      {members.includes('pkceMethod') ? <PkceField editor={editor} /> : null}
      <PhaseParameters editor={editor} member="authorizationParameters" preset={preset} />
      <PhaseParameters editor={editor} member="tokenParameters" preset={[]} />
      {members.includes('requestHeaders') ? (
        <PhaseParameters editor={editor} member="requestHeaders" preset={[]} />
      ) : null}
    </Disclosure>
  );
}

interface PhaseParametersProps extends ProtocolDetailsProps {
  readonly member: ParameterMember;
  /** Parameters that are sent unless a row overrides them. */
  readonly preset: readonly (readonly [name: string, value: string])[];
}

function PhaseParameters({ editor, member, preset }: PhaseParametersProps) {
  const parameters = editor.parameters[member];
  const problem = problemText(editor.problems.value[member]);
  const id = `client-${member}`;
  const legend = memberLabel(member, editor.draft.value.type);
  return (
    <fieldset id={id} class="stack stack-tight" tabIndex={-1} aria-describedby={`${id}-problem`}>
      <legend>{legend}</legend>
      {preset.length === 0 ? null : (
        <p class="muted small">
          {t('parameters_preset')}{' '}
          {preset.map(([name, value]) => (
            <code key={name}>
              {name}={value}{' '}
            </code>
          ))}
        </p>
      )}
      {parameters.rows.value.map((row, at) => (
        <ParameterFields key={row.key} editor={editor} member={member} row={row} number={at + 1} />
      ))}
      <Problem id={id} text={parameters.isRepeated.value ? t('parameter_repeated') : problem} />
      <div class="row">
        <Button
          aria-describedby={`${id}-add`}
          onClick={() => {
            parameters.add();
          }}
        >
          {t('add_parameter')}
        </Button>
        <span id={`${id}-add`} class="visually-hidden">
          {legend}
        </span>
      </div>
    </fieldset>
  );
}

interface ParameterFieldsProps extends Omit<PhaseParametersProps, 'preset'> {
  readonly row: ParameterRow;
  readonly number: number;
}

function ParameterFields({ editor, member, row, number }: ParameterFieldsProps) {
  const parameters = editor.parameters[member];
  const id = `${member}-${row.key}`;
  return (
    <div class="parameter">
      <TextField
        id={`${id}-name`}
        label={t('parameter_name', numberText(number))}
        isCode
        value={row.name}
        onInput={(name) => {
          parameters.change(row.key, { name });
        }}
      />
      <TextField
        id={`${id}-value`}
        label={t('parameter_value', String(number))}
        isCode
        value={row.value}
        onInput={(value) => {
          parameters.change(row.key, { value });
        }}
      />
      <Button
        kind="quiet"
        aria-label={t('remove_parameter', row.name || String(number))}
        onClick={() => {
          parameters.remove(row.key);
          document.getElementById(`client-${member}`)?.focus();
        }}
      >
        {t('remove')}
      </Button>
    </div>
  );
}

/** The PKCE method; `plain` shows a warning. */
function PkceField({ editor }: { readonly editor: EditorStore }) {
  const method = editor.draft.value.pkceMethod ?? pkceMethods[0];
  return (
    <>
      <SelectField
        id="client-pkceMethod"
        label={memberLabel('pkceMethod', editor.draft.value.type)}
        value={method}
        choices={pkceMethods.map((each) => [each, t(`pkce_${each}`)])}
        onChoose={(pkceMethod) => {
          editor.set({ pkceMethod });
        }}
        hint={t('pkce_hint')}
      />
      {method === 'plain' ? (
        <Notice tone="warn">
          <p>{t('pkce_plain_warning')}</p>
        </Notice>
      ) : null}
    </>
  );
}
