import { grantedSiteId } from '#core/grant/page-grant.ts';
import type { ChoiceView, GrantView } from '#wire/views.ts';
import { accountTexts } from '../account-text.ts';
import { SelectField } from '../controls/select-field.tsx';
import { t } from '../i18n.ts';
import { siteName, siteTexts } from '../notices/site-label.tsx';
import type { GrantActions } from '../state/grant-actions.ts';

interface DefaultSitesProps {
  /** `sites`: at least those that the choices name. */
  readonly grant: Pick<GrantView, 'origin' | 'choices' | 'sites'>;
  readonly actions: GrantActions;
}

/** More choices than this are folded. */
const mostShownChoices = 3;

/** The site or account that calls use which leave several open, to be changed. */
export function DefaultSites({ grant, actions }: DefaultSitesProps) {
  const { choices } = grant;
  if (choices.length === 0) return null;
  const selects = choices.map((choice) => (
    <DefaultSite key={choice.key} choice={choice} grant={grant} actions={actions} />
  ));
  const list = <div class="stack default-sites">{selects}</div>;
  if (choices.length <= mostShownChoices) return list;
  return (
    <details>
      <summary>{t('default_sites')}</summary>
      {list}
    </details>
  );
}

/** The value of a select while nothing is chosen. */
const unchosen = '';

function DefaultSite({ choice, grant, actions }: DefaultSitesProps & { choice: ChoiceView }) {
  const { key, candidates, chosen } = choice;
  const sites = candidates.flatMap((candidate) => {
    const found = grant.sites.find((site) => grantedSiteId(site) === grantedSiteId(candidate));
    return found === undefined ? [] : [found];
  });
  const textOf = siteTexts(sites);
  const choose = (id: string): void => {
    const site = candidates.find((candidate) => grantedSiteId(candidate) === id);
    void actions.chooseDefaultSite(grant.origin, key, site);
  };
  return (
    <SelectField
      id={`default ${grant.origin} ${key}`.replaceAll(' ', '-')}
      label={labelOf(choice, sites)}
      value={chosen === undefined ? unchosen : grantedSiteId(chosen)}
      choices={[
        [unchosen, t('ask_when_needed')],
        ...sites.map((site) => [grantedSiteId(site), textOf(site)] as const),
      ]}
      onChoose={choose}
    />
  );
}

function labelOf({ product, cloudId, sessionId }: ChoiceView, sites: GrantView['sites']): string {
  const [site] = sites;
  if (site && cloudId !== undefined) return t('default_account', siteName(site));
  const named = t(`product_${product}`);
  if (site === undefined || sessionId === undefined) return t('default_site', named);
  return t('default_site_of', named, accountTexts([site.account])(site.account));
}
