import type { LayoutReply } from "#contract/layout.ts";

type Node = LayoutReply["nodes"][number];

/** A direction as dx and dy. */
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The node that lies next in the direction of an arrow key: what is straight ahead counts for nearer than what lies aside. */
export function neighbour(nodes: readonly Node[], from: Node, key: string): Node | undefined {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return undefined;
  const [dx, dy] = direction;
  let best: Node | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const [x, y] = [node.x + node.width / 2 - from.x - from.width / 2, node.y + node.height / 2 - from.y - from.height / 2];
    const ahead = x * dx + y * dy;
    if (ahead <= 4) continue;
    const distance = ahead + 3 * Math.abs(x * dy + y * dx);
    if (distance >= nearest) continue;
    best = node;
    nearest = distance;
  }
  return best;
}
