/** The middle of the values; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** A table with aligned columns: the first to the left, the others to the right unless they are texts. */
export function table(
  rows: readonly (readonly string[])[],
  others: 'left' | 'right' = 'right',
): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const cellText = (cell: string, at: number): string =>
    at === 0 || others === 'left' ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(cellText).join('  ').trimEnd()).join('\n');
}

/** Milliseconds, to a tenth. */
export function msText(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** Bytes in megabytes, to a tenth. */
export function megabytesText(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
