import { settingNames, type SettingName } from '#core/values/settings.ts';
import type { AboutView, Counted, StoredAmount } from '#wire/about-view.ts';

/** What the page knows of itself. */
export interface Build {
  readonly version: string;
  /** The user agent of the browser. */
  readonly browser: string;
}

/**
 * The text that a person puts into a report: versions, amounts, counts, settings that differ, codes. It names nobody and nothing that
 * the person stored: no client, account, site, host, page, token or secret.
 */
export function diagnosticsText(about: AboutView, { version, browser }: Build): string {
  const { amounts, settings } = about;
  return [
    `Threelo ${version}`,
    `browser: ${browser}`,
    `schema: ${String(about.schemaVersion)}`,
    `storage.local: ${amountsText(amounts.local)}`,
    `IndexedDB: ${amountsText(amounts.mirror)}`,
    `storage.session: ${amountsText(amounts.session)}`,
    `storage faults: ${countsText(countedCodes(about))}`,
    `clients: ${countsText(about.clients)}`,
    `sessions: ${countsText(about.sessions)}; sites: ${String(about.siteCount)}`,
    `connections: ${countsText(about.connections)}; denied questions: ${String(about.denialCount)}`,
    `optional hosts: ${String(about.hostPatterns.length)} allowed, ${String(about.missingHostCount)} missing`,
    `settings: ${
      changedNames(about)
        .map((name) => `${name}=${String(settings.values[name])}`)
        .join(', ') || 'defaults'
    }`,
    `recent faults: ${countsText(about.recentFaults)}`,
  ].join('\n');
}

/** The settings that are not at their default. */
export function changedNames({ settings: { values, defaults } }: AboutView): SettingName[] {
  return settingNames.filter((name) => values[name] !== defaults[name]);
}

/** The codes of what is wrong with the stored data, without what they are about. */
function countedCodes({ storageFaults }: AboutView): Counted[] {
  const codes = storageFaults.map(({ code, things = [] }) =>
    [code, ...new Set(things.map(({ kind }) => kind))].join(' '),
  );
  return [...new Set(codes)].map((of) => ({
    of,
    count: codes.filter((code) => code === of).length,
  }));
}

function countsText(counts: readonly Counted[]): string {
  return counts.map(({ of, count }) => `${of} ${String(count)}`).join(', ') || 'none';
}

function amountsText(amounts: readonly StoredAmount[]): string {
  return (
    amounts
      .map(({ kind, entries, bytes }) => `${kind} ${String(entries)} (${String(bytes)} B)`)
      .join(', ') || 'empty'
  );
}
