/** Throws a sentence that says what can be typed after `npm run <script> --`, when something else was. */
export function refuseUnknown(
  args: readonly string[],
  known: readonly string[],
  { script, kinds }: { readonly script: string; readonly kinds: string },
): void {
  const unknown = args.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`${kinds}: ${unknown}. npm run ${script} [-- ${known.join('|')} …]`);
}

/** The names that are among the arguments, or all when none is. */
export function namedOrAll<Name extends string>(
  names: readonly Name[],
  args: readonly string[],
): readonly Name[] {
  const named = names.filter((name) => args.includes(name));
  return named.length === 0 ? names : named;
}
