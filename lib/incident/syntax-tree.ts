/** A syntax tree as a parser gives it: objects, lists and values under names that only the parser decides. */
export type Tree = unknown;

export function child(tree: Tree, ...path: readonly string[]): Tree {
  return path.reduce<Tree>(
    (at, key) =>
      typeof at === 'object' && at !== null && !Array.isArray(at)
        ? (at as Record<string, Tree>)[key]
        : undefined,
    tree,
  );
}

export function children(tree: Tree, ...path: readonly string[]): readonly Tree[] {
  const found = child(tree, ...path);
  return Array.isArray(found) ? (found as readonly Tree[]) : [];
}

export function textAt(tree: Tree, ...path: readonly string[]): string {
  const found = child(tree, ...path);
  return typeof found === 'string' ? found : '';
}

/** A node that names its own kind, as `{"Delete": {…}}` does: the kind and what it holds. */
export function kindOf(tree: Tree): readonly [kind: string, content: Tree] {
  if (typeof tree === 'string') return [tree, null];
  if (typeof tree !== 'object' || tree === null) return ['', null];
  return Object.entries(tree)[0] ?? ['', null];
}

/** Every node of one of these kinds, outermost first; not what lies below a kind of `closed`. */
export function nodesOf(
  tree: Tree,
  kinds: readonly string[],
  closed: readonly string[] = [],
): (readonly [kind: string, content: Tree])[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree as Record<string, Tree>).flatMap(([key, content]) => {
    if (closed.includes(key)) return [];
    const below = nodesOf(content, kinds, closed);
    return kinds.includes(key) && typeof content === 'object' && content !== null
      ? [[key, content] as const, ...below]
      : below;
  });
}
