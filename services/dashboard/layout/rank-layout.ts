import { groupOf } from "#contract/task-group.ts";
import type { Layout, Shape } from "./elk-graph.ts";

const [WIDTH, HEIGHT, GAP_X, GAP_Y] = [200, 44, 64, 16];

/**
 * A drawing that costs nothing: each task stands right of all its upstreams, in the order of the file, and edges are straight. For DAGs
 * that are too large for a better one. It has no groups.
 */
export function rankLayout({ tasks }: Shape): Layout {
  const ranks = ranksOf(tasks);
  const filled: number[] = [];
  const nodes = tasks.map(({ id }) => {
    const rank = ranks.get(id)!;
    const place = filled[rank] ?? 0;
    filled[rank] = place + 1;
    const group = groupOf(id);
    const at = { x: rank * (WIDTH + GAP_X), y: place * (HEIGHT + GAP_Y) };
    return { id, ...at, width: WIDTH, height: HEIGHT, ...(group === undefined ? {} : { group }) };
  });
  const boxes = new Map(nodes.map(node => [node.id, node]));
  const edges = tasks.flatMap(({ id, upstream }) =>
    upstream.flatMap(from => {
      const [a, b] = [boxes.get(from), boxes.get(id)!];
      return a === undefined ? [] : [{ from, to: id, points: [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2] }];
    }),
  );
  const tallest = Math.max(0, ...filled.map(count => count ?? 0));
  return { width: filled.length * (WIDTH + GAP_X), height: tallest * (HEIGHT + GAP_Y), nodes, groups: [], edges };
}

/** How many edges the longest way to each task has. */
function ranksOf(tasks: Shape["tasks"]): ReadonlyMap<string, number> {
  const ranks = new Map(tasks.map(({ id }) => [id, 0]));
  const waits = new Map(tasks.map(({ id, upstream }) => [id, upstream.filter(up => ranks.has(up)).length]));
  const after = Map.groupBy(
    tasks.flatMap(({ id, upstream }) => upstream.map(up => ({ up, id }))),
    ({ up }) => up,
  );
  const ready = tasks.filter(({ id }) => waits.get(id) === 0).map(({ id }) => id);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const { id: down } of after.get(id) ?? []) {
      ranks.set(down, Math.max(ranks.get(down)!, ranks.get(id)! + 1));
      waits.set(down, waits.get(down)! - 1);
      if (waits.get(down) === 0) ready.push(down);
    }
  }
  return ranks;
}
