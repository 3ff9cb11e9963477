import fc from "fast-check";

/** ["a>b", "c"] → tasks with their upstreams, in the order they are first named. */
export function tasksOf(words: readonly string[]): { id: string; upstream: string[] }[] {
  const tasks = new Map<string, Set<string>>();
  const upstreamOf = (id: string): Set<string> => {
    const upstream = tasks.get(id) ?? new Set();
    tasks.set(id, upstream);
    return upstream;
  };
  for (const word of words) {
    const [up, down] = word.split(">");
    upstreamOf(up!);
    if (down !== undefined) upstreamOf(down).add(up!);
  }
  return [...tasks].map(([id, upstream]) => ({ id, upstream: [...upstream] }));
}

const SIZE = 7;

/** Words for {@link tasksOf} that make a graph without a circle: edges lead from lower to higher numbers. */
export const arbitraryEdges: fc.Arbitrary<string[]> = fc
  .array(fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1)), { minLength: 1, maxLength: 14 })
  .map(pairs => pairs.map(([a, b]) => (a === b ? `t${a}` : `t${Math.min(a, b)}>t${Math.max(a, b)}`)));
