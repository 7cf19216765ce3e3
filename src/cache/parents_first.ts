/**
 * Returns the nodes of a graph that can be reached from `roots`, each before the nodes that `next` returns
 * for it. O(nodes and edges).
 */
export function parentsFirst<Node>(
  roots: Iterable<Node>,
  next: (node: Node) => Iterable<Node>,
): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const each of next(node)) visit(each);
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order.reverse();
}
