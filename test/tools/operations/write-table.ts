import {
  closedSign,
  methodLetters,
  parameterSign,
  tableHeader,
} from '#core/operations/operation-table.ts';
import type { PublishedOperation } from './published-operations.ts';

/**
 * Writes operations as the table that the extension carries; its format is described at `parseOperationTable`.
 * @throws Error when an operation occurs twice with different scopes
 */
export function writeTable(operations: readonly PublishedOperation[]): string {
  const scopes = byFrequency(operations.flatMap(({ alternatives }) => alternatives.flat()));
  const indexOf = new Map(scopes.map((scope, index) => [scope, index.toString(36)]));
  const templates = new Map<string, Map<string, string>>();
  for (const { method, path, alternatives } of operations) {
    const template = path.slice(1).replaceAll(/\{[^}]*\}/gu, parameterSign);
    const words = templates.get(template) ?? new Map<string, string>();
    const letter = methodLetters[method];
    const lists = alternatives.map((list) => list.map((scope) => indexOf.get(scope)).join('+'));
    const word = letter + (lists.length === 0 ? closedSign : lists.join('|'));
    if ((words.get(letter) ?? word) !== word) throw new Error(`twice: ${method} ${path}`);
    templates.set(template, words.set(letter, word));
  }
  const lines: string[] = [tableHeader, scopes.join(' ')];
  let above: readonly string[] = [];
  for (const template of [...templates.keys()].toSorted()) {
    const segments = template.split('/');
    const shared = sharedSegments(above, segments);
    const words = [...(templates.get(template)?.values() ?? [])].toSorted();
    lines.push([shared.toString(36), segments.slice(shared).join('/'), ...words].join(' '));
    above = segments;
  }
  return `${lines.join('\n')}\n`;
}

/** Each text once, the most frequent first. */
function byFrequency(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .toSorted(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1))
    .map(([text]) => text);
}

function sharedSegments(one: readonly string[], other: readonly string[]): number {
  const differsAt = one.findIndex((segment, at) => segment !== other[at]);
  const shared = differsAt === -1 ? one.length : differsAt;
  // The last segment is always written.
  return Math.min(shared, other.length - 1);
}
