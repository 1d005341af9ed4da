import type { DataCenterProduct } from '#core/provider/data-center.ts';
import { providerTexts } from '#core/provider/provider-texts.ts';
import type {
  ClientAuthenticationMethod,
  PkceMethod,
  ProviderType,
} from '#core/provider/provider-type.ts';
import type { Product } from '#core/session/site.ts';
import type { Access, GrantDuration } from '#core/grant/page-grant.ts';
import type { TransferRow } from '#core/transfer/transfer-preview.ts';
import type { SettingName } from '#core/values/settings.ts';
import { t, type MessageKey } from '#ui/i18n.ts';
import { isClientMember, memberLabel } from '../members/member-label.ts';
import { settingText } from './setting-text.ts';

type Entry = Pick<TransferRow, 'kind' | 'type'>;

const otherLabels: Readonly<Partial<Record<string, MessageKey>>> = {
  access: 'access',
  duration: 'duration',
  sites: 'sites_list',
  paths: 'paths',
  isPaused: 'paused',
  chosen: 'default_sites',
  origin: 'activity_page',
};

/** What a member of an entry is called where a person sets it. A setting has its label as its name, so its value needs no other. */
export function valueLabel({ kind, type }: Entry, member: string): string {
  if (kind === 'setting') return t('transfer_value');
  if (type !== undefined && isClientMember(member)) return memberLabel(member, type);
  const key = otherLabels[member];
  return key === undefined ? member : t(key);
}

/** The value of a member, which is given as its text in an export, as a person reads it. */
export function valueText({ kind }: Entry, member: string, text: string): string {
  if (kind === 'setting') return settingText(member as SettingName, text);
  switch (member) {
    case 'type':
      return providerTexts[text as ProviderType].label;
    case 'product':
      return t(`product_${text as DataCenterProduct}`);
    case 'clientAuthentication':
      return t(`authentication_${text as ClientAuthenticationMethod}`);
    case 'pkceMethod':
      return t(`pkce_${text as PkceMethod}`);
    case 'access':
      return t(`access_${text as Access}`);
    case 'duration':
      return t(`duration_${text as GrantDuration}`);
    case 'sites': {
      const [product, ...rest] = text.split(' · ');
      return [t(`product_${product as Product}`), ...rest].join(' · ');
    }
    case 'isHttpAllowed':
    case 'isIssuerInResponses':
    case 'isPaused':
      return t(text === 'true' ? 'on' : 'off');
    default:
      return text;
  }
}
