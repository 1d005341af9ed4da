import { grantedSiteId } from '../../../extension/core/grant/page-grant.ts';
import type { RequestOf } from '../../../extension/wire/commands.ts';
import type { Listed, SiteRow } from '../../../extension/wire/list-views.ts';
import { ada, aSite, clientId, sessionId, type FakeWorker } from './ui-views.ts';

/** A site of Ada in a list, which is not granted. */
export function aSiteRow(name: string, part: Partial<SiteRow> = {}): SiteRow {
  return {
    ...aSite(name),
    sessionId,
    account: ada,
    clientId,
    clientName: 'Acme app',
    isGranted: false,
    isOfTab: false,
    ...part,
  };
}

/** Sites that are numbered from 0. */
export function manySiteRows(count: number): SiteRow[] {
  return Array.from({ length: count }, (_, at) => aSiteRow(`Site ${String(at)}`));
}

/** What the worker replies when these are the sites, in this order. */
export function foundSites(
  rows: readonly SiteRow[],
  { filter, offset, limit, only }: RequestOf<'site.find'>,
): Listed<SiteRow> {
  const wanted = only && new Set(only.map(grantedSiteId));
  const matching = rows.filter(
    (row) =>
      row.name.toLowerCase().includes(filter.toLowerCase()) &&
      (wanted === undefined || wanted.has(grantedSiteId(row))),
  );
  return {
    total: rows.length,
    matching: matching.length,
    rows: matching.slice(offset, offset + limit),
  };
}

/** Has a worker list these sites from now on. */
export function listSites(worker: FakeWorker, rows: readonly SiteRow[]): void {
  worker.answer('site.find', (body: RequestOf<'site.find'>) => foundSites(rows, body));
}
