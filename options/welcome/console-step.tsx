import { Fragment } from 'preact';
import { providerTexts } from '#core/provider/provider-texts.ts';
import { cloudScopeSets, consoleApiOf, consoleApis } from '#core/provider/scope-catalogue.ts';
import { Names, Sentence } from '#ui/controls/name.tsx';
import { t } from '#ui/i18n.ts';

/** What to choose in Atlassian's developer console, in order. */
export function ConsoleSteps() {
  return (
    <>
      <ol class="steps">
        <li>
          <Sentence of="console_step_create" names={[<ConsoleLink />]} />
        </li>
        <li>
          {t('console_step_permissions')}
          <ScopesByApi />
        </li>
        <li>{t('console_step_authorization')}</li>
        <li>{t('console_step_settings')}</li>
        <li>{t('console_step_sharing')}</li>
      </ol>
      <p class="muted small">{t('own_organization')}</p>
    </>
  );
}

function ConsoleLink() {
  return (
    <a href={providerTexts['atlassian-cloud'].consoleUrl ?? ''} target="_blank" rel="noreferrer">
      {t('developer_console')}
    </a>
  );
}

/** The scopes to select, as the console lists them; those for writing apart. */
function ScopesByApi() {
  return (
    <dl class="facts small">
      {consoleApis.map((api) => {
        const ofApi = (scopes: readonly string[]) =>
          scopes.filter((scope) => consoleApiOf(scope) === api);
        const read = ofApi(cloudScopeSets.read);
        const write = ofApi(cloudScopeSets.write).filter((scope) => !read.includes(scope));
        return (
          <Fragment key={api}>
            <dt>{api}</dt>
            <dd>
              {write.length === 0 ? (
                <Scopes scopes={read} />
              ) : (
                <Sentence
                  of="console_scopes_to_write"
                  names={[<Scopes scopes={read} />, <Scopes scopes={write} />]}
                />
              )}
            </dd>
          </Fragment>
        );
      })}
    </dl>
  );
}

function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <Names
      of={scopes.map((scope) => (
        <code>{scope}</code>
      ))}
    />
  );
}
