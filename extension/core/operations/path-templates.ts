import {
  methodLetters,
  parameterSign,
  tableLines,
  type OperationMethod,
} from './operation-table.ts';

/** A path of the published operations. */
export interface PathTemplate {
  /**
   * The segments after the first `/`. The published names of parameters are not in the table: one is called after the segment
   * before it, `{issue}` in `/rest/api/3/issue/{issue}`.
   */
  readonly segments: readonly string[];
  readonly methods: readonly OperationMethod[];
}

const methods = Object.keys(methodLetters) as readonly OperationMethod[];

/** All paths of a table of operations, in its order. @throws Error for a text that is no such table */
export function parsePathTemplates(text: string): readonly PathTemplate[] {
  return Array.from(tableLines(text).templates, ({ segments, words }) => ({
    segments: segments.map((segment, at) =>
      segment === parameterSign ? `{${nameBefore(segments, at)}}` : segment,
    ),
    methods: methods.filter((method) =>
      words.some((word) => word.startsWith(methodLetters[method])),
    ),
  }));
}

function nameBefore(segments: readonly string[], at: number): string {
  const before = segments[at - 1];
  return before === undefined || before === parameterSign ? 'id' : before;
}

/** Whether a segment is a parameter. */
export function isPlaceholder(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}
