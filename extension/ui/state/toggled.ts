/** The set with the member, or without it if it has it already. */
export function toggled<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  const others = [...set].filter((one) => one !== member);
  return new Set(set.has(member) ? others : [...others, member]);
}
