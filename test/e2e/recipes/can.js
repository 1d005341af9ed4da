import { connect } from 'threelo';

const threelo = await connect();

/** Why a call would fail; undefined when nothing is known that would refuse it. */
export async function obstacleTo(path, init) {
  const permitted = await threelo.can(path, init);
  if (permitted.ok) return undefined;
  if (permitted.rule === 'scopes') return `The app needs: ${permitted.missingScopes.join(', ')}.`;
  return permitted.message;
}
