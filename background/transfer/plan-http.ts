import { isTakeable, type TransferRow } from '#core/transfer/transfer-preview.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { ClientPlan } from './plan-clients.ts';

/** The id of the row of a setting. */
export const settingRow = (name: string): string => `setting:${name}`;

/**
 * Says of each client with plain http what it depends on, as far as the settings decide: those that are stored, or that of the
 * file, when it is another one and can be taken. The policy has the last word: then the file has no row for the setting.
 */
export function withHttpRule(
  plans: readonly ClientPlan[],
  settingRows: readonly TransferRow[],
  settings: Pick<SettingsStore, 'current' | 'managed'>,
): readonly ClientPlan[] {
  const id = settingRow('plainHttp');
  const isAllowed = settings.current().plainHttp;
  const canChange = settingRows.some((row) => row.id === id && isTakeable(row));
  if (isAllowed && !canChange) return plans;
  const rule = canChange ? ruleOfFile(id, isAllowed) : obstacleOf(settings);
  return plans.map((plan) =>
    plan.draft.isHttpAllowed === true && isTakeable(plan.row)
      ? { ...plan, row: { ...plan.row, ...rule } }
      : plan,
  );
}

function ruleOfFile(id: string, isAllowed: boolean): Pick<TransferRow, 'needs' | 'excludes'> {
  return isAllowed ? { excludes: id } : { needs: [id] };
}

function obstacleOf(settings: Pick<SettingsStore, 'managed'>) {
  const isManaged = settings.managed().includes('plainHttp');
  return {
    state: 'impossible',
    obstacle: isManaged ? 'http-managed' : 'http-forbidden',
  } as const;
}
