/** One import: the importing file or room, then the imported one. */
export type Arrow = readonly [from: string, to: string];

function successors(arrows: readonly Arrow[]): Map<string, Set<string>> {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) {
    if (from === to) continue;
    next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  return next;
}

/** The sets of nodes that reach each other, each sorted (Tarjan's strongly connected components of two nodes or more). */
export function circlesOf(arrows: readonly Arrow[]): string[][] {
  return components(successors(arrows)).filter((nodes) => nodes.length > 1);
}

/** How many nodes the longest way down the arrows passes; a circle counts as one node. */
export function levelsOf(arrows: readonly Arrow[]): number {
  const next = successors(arrows);
  const depths = new Map<string, number>();
  let deepest = 0;
  // Components come lowest first: what a component imports has its depth already.
  for (const nodes of components(next)) {
    const below = nodes.flatMap((node) => [...(next.get(node) ?? [])].map((to) => depths.get(to)));
    const depth = 1 + Math.max(0, ...below.map((one) => one ?? 0));
    for (const node of nodes) depths.set(node, depth);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function components(next: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.size - 1);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) {
        lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(to) ?? 0));
      }
    }
    if (lowest.get(node) === order.get(node)) {
      found.push(stack.splice(stack.indexOf(node)).sort());
    }
  };
  for (const node of next.keys()) if (!order.has(node)) visit(node);
  return found;
}
