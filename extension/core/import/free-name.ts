import { isSameName } from '../client/client-configuration.ts';

/** The wanted name, with a number added if it is taken: `Team`, `Team (2)`, … */
export function freeName(wanted: string, takenNames: readonly string[]): string {
  let name = wanted;
  for (let n = 2; takenNames.some((taken) => isSameName(taken, name)); n += 1)
    name = `${wanted} (${String(n)})`;
  return name;
}
