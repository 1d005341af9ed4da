import { toBase64url } from '#core/values/bytes-as-text.ts';
import {
  changedSettings,
  defaultSettings,
  readSettings,
  settingNames,
  type SettingName,
} from '#core/values/settings.ts';
import {
  isTakeable,
  type TransferPreview,
  type TransferRow,
} from '#core/transfer/transfer-preview.ts';
import { denialLifetimeMs, type Denial } from '../grants/denials.ts';
import { collectContents, type Sources } from './collect-contents.ts';
import type { Contents } from './contents.ts';
import { planClients, type ClientPlan } from './plan-clients.ts';
import { planGrants, type GrantPlan } from './plan-grants.ts';
import { settingRow, withHttpRule } from './plan-http.ts';

/** What an import of a file would change, and what it is made of. */
export interface ImportPlan {
  readonly preview: TransferPreview;
  readonly clients: readonly ClientPlan[];
  readonly grants: readonly GrantPlan[];
  /** All settings as the file has them. */
  readonly settings: Readonly<Record<SettingName, unknown>>;
  /** Those of the last week that are not remembered here. */
  readonly denials: readonly Denial[];
}

/** The id of the one row of all denials. */
export const denialsRow = 'denials';

/** Compares a file with what is stored now. @throws BrokerError `locked` */
export async function planImport(theirs: Contents, sources: Sources): Promise<ImportPlan> {
  const { contents: mine, clients: all } = await collectContents(sources, sources.grants.own());
  const own = all.map((client, at) => ({ client, secret: mine.clients[at]?.clientSecret }));
  const settings = readSettings(theirs.settings);
  const ofSettings = settingRows(settings, sources);
  const plans = await planClients(theirs.clients, own, sources.clients);
  const clients = withHttpRule(plans, ofSettings, sources.settings);
  const ids = all.map(({ id }) => id);
  const lasting = ofSettings.find(({ id }) => id === settingRow('lastingGrants'));
  const durationRow = lasting !== undefined && isTakeable(lasting) ? lasting.id : undefined;
  const grants = planGrants(theirs, clients, mine, ids, { ...sources, durationRow });
  const denials = newDenials(theirs, sources);
  const rows = [
    ...clients.map(({ row }) => row),
    ...ofSettings,
    ...grants.map(({ row }) => row),
    ...denialRows(denials),
  ];
  const { madeAtMs } = theirs;
  const shown = new TextEncoder().encode(JSON.stringify({ madeAtMs, rows }));
  const digest = new Uint8Array(await sources.world.crypto.subtle.digest('SHA-256', shown));
  return {
    preview: { madeAtMs, digest: toBase64url(digest), rows },
    clients,
    grants,
    settings: settings.settings,
    denials,
  };
}

/** One row for each setting that differs, or that both have changed to the same value. One at its default here counts as new. */
function settingRows(
  { settings: theirs, problems }: ReturnType<typeof readSettings>,
  { settings }: Pick<Sources, 'settings'>,
): TransferRow[] {
  const mine = settings.current();
  const rowOf = (name: SettingName) => ({ id: settingRow(name), kind: 'setting', name }) as const;
  const managed = settings.managed();
  const invalid = problems
    .filter(({ field }) => field in theirs)
    .map(({ field, problem }): TransferRow => ({
      ...rowOf(field as SettingName),
      state: 'impossible',
      values: [],
      notes: [],
      obstacle: 'invalid',
      problems: [{ field, problem }],
    }));
  const valid = settingNames.flatMap((name): TransferRow[] => {
    const isInvalid = problems.some(({ field }) => field === name);
    if (isInvalid || managed.includes(name)) return [];
    const [one, other] = [String(mine[name]), String(theirs[name])];
    const row = { ...rowOf(name), notes: [] };
    if (one === other)
      return name in changedSettings(mine) ? [{ ...row, state: 'same', values: [] }] : [];
    const state = mine[name] === defaultSettings[name] ? 'new' : 'differs';
    return [{ ...row, state, values: [{ member: name, mine: [one], theirs: [other] }] }];
  });
  return [...valid, ...invalid];
}

function newDenials({ denials: theirs }: Contents, { denials, world }: Sources): Denial[] {
  return theirs.filter(
    (one) =>
      one.scope?.sessionId === undefined &&
      Math.abs(world.nowMs() - one.deniedAtMs) < denialLifetimeMs &&
      !denials.isDenied(one),
  );
}

function denialRows(denials: readonly Denial[]): TransferRow[] {
  if (denials.length === 0) return [];
  const origins = [...new Set(denials.map(({ origin }) => origin))];
  return [
    {
      id: denialsRow,
      kind: 'denials',
      name: String(denials.length),
      state: 'new',
      values: [{ member: 'origin', theirs: origins }],
      notes: [],
    },
  ];
}
