import type { Send } from '../../extension/wire/send.ts';
import type { GrantView } from '../../extension/wire/views.ts';

/** All connections with their sites, those first that were granted first, at the same time by origin. */
export async function connections(ui: Send): Promise<readonly GrantView[]> {
  const { rows } = await ui('grant.find', { filter: '', offset: 0, limit: 60 });
  const views = await Promise.all(rows.map(({ origin }) => ui('grant.get', { origin })));
  return views.sort(
    (one, other) => one.grantedAtMs - other.grantedAtMs || one.origin.localeCompare(other.origin),
  );
}
