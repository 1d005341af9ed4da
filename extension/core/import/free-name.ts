/**
 * Gives names that are neither taken nor given before: the wanted name, or that name with a number: `Team`, `Team (2)`, …
 * @param takenNames the names of the existing configurations; case and surrounding white space do not distinguish names
 */
export function freeNames(takenNames: readonly string[]): (wanted: string) => string {
  const keyOf = (name: string): string => name.trim().toLowerCase();
  const taken = new Set(takenNames.map(keyOf));
  const nextNumbers = new Map<string, number>();
  return (wanted) => {
    const key = keyOf(wanted);
    let name = wanted;
    for (let n = nextNumbers.get(key) ?? 2; taken.has(keyOf(name)); n += 1) {
      name = `${wanted} (${String(n)})`;
      nextNumbers.set(key, n + 1);
    }
    taken.add(keyOf(name));
    return name;
  };
}
