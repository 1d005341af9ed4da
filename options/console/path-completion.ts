import type { Product } from '#core/session/site.ts';
import { isPlaceholder, type PathTemplate } from '#core/operations/path-templates.ts';

/** The most paths that are proposed. */
export const maxCompletions = 20;

/** A path that is proposed. */
export interface Completion {
  /** The path, with what was typed in the place of its parameters. */
  readonly path: string;
  readonly methods: readonly string[];
}

/**
 * The published paths that fit what was typed: paths that continue it, segment by segment; or, when it does not begin with a
 * slash, those in which all of its words occur. Only the paths of Jira and Confluence Cloud are published.
 */
export function completions(
  typed: string,
  templates: readonly PathTemplate[],
  product: Product,
): readonly Completion[] {
  if (product !== 'jira' && product !== 'confluence') return [];
  const [path = ''] = typed.split('?', 1);
  const isWiki = product === 'confluence';
  const matching: Completion[] = [];
  const words = path.toLowerCase().split(/\s+/u);
  const parts = path.slice(1).split('/');
  for (const { segments, methods } of templates) {
    if (matching.length === maxCompletions) break;
    if ((segments[0] === 'wiki') !== isWiki) continue;
    const filled = path.startsWith('/') ? continued(parts, segments) : withWords(words, segments);
    if (filled !== undefined && filled !== path) matching.push({ path: filled, methods });
  }
  return matching;
}

/** The template with what was typed; undefined when it does not continue that. */
function continued(parts: readonly string[], segments: readonly string[]): string | undefined {
  if (parts.length > segments.length) return undefined;
  const last = parts.length - 1;
  const filled = segments.map((segment, at) => {
    const part = parts[at];
    if (part === undefined || (at === last && part === '')) return segment;
    if (isPlaceholder(segment)) return part;
    const isVersion = at === 2 && segment === '3' && (part === '2' || part === 'latest');
    if (at < last) return part === segment || isVersion ? part : undefined;
    if (isVersion) return part;
    return segment.toLowerCase().startsWith(part.toLowerCase()) ? segment : undefined;
  });
  return filled.includes(undefined) ? undefined : `/${filled.join('/')}`;
}

function withWords(words: readonly string[], segments: readonly string[]): string | undefined {
  const path = `/${segments.join('/')}`;
  const lower = path.toLowerCase();
  return words.every((word) => lower.includes(word)) ? path : undefined;
}

/** Where the first parameter without a value is in a path, from its opening to behind its closing brace. */
export function firstPlaceholder(path: string): readonly [start: number, end: number] | undefined {
  const found = /^[^?]*?(\{[^/{}?]*\})/u.exec(path);
  const [before, placeholder] = found ?? [];
  if (before === undefined || placeholder === undefined) return undefined;
  return [before.length - placeholder.length, before.length];
}
