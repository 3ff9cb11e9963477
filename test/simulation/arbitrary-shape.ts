import fc from "fast-check";
import { TriggerRule } from "#core/trigger-rule.ts";
import { arbitraryEdges, tasksOf } from "../support/core/arbitrary-dag.ts";
import type { DagShape } from "../support/core/graph-of.ts";

const KINDS = ["noop", "noop", "noop", "empty", "branch", "shortCircuit", "map", "teardown", "teardown"] as const;

interface Draw {
  kind: (typeof KINDS)[number];
  rule: TriggerRule;
  retries: number;
  /** Chooses among whatever there is to choose from. */
  pick: number;
}

const anyDraw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom(...KINDS),
  rule: fc.oneof({ weight: 2, arbitrary: fc.constant("all_success" as const) }, fc.constantFrom(...TriggerRule.options)),
  retries: fc.nat(2),
  pick: fc.nat(255),
});

/** DAGs of up to seven tasks with every rule and every operator that the scheduler resolves. */
export const anyShape: fc.Arbitrary<DagShape> = fc
  .tuple(arbitraryEdges, fc.array(anyDraw, { minLength: 7, maxLength: 7 }), fc.boolean())
  .map(([edges, draws, strict]) => {
    const tasks = tasksOf(edges);
    const kindOf = new Map(tasks.map(({ id }, index) => [id, draws[index]!.kind]));
    const downOf = (id: string) => tasks.filter(({ upstream }) => upstream.includes(id)).map(task => task.id);
    const say = tasks.map(({ id, upstream }, index) => {
      // What undoes is no setup of another: a DAG that says so is refused.
      const kind = kindOf.get(upstream[0] ?? "") === "teardown" && kindOf.get(id) === "teardown" ? "noop" : kindOf.get(id)!;
      if (kind === "noop") kindOf.set(id, kind);
      return [id, SAY[kind](draws[index]!, upstream, downOf(id))] as const;
    });
    return { edges, say: Object.fromEntries(say), dag: { strict } };
  });

type Say = (draw: Draw, upstream: readonly string[], downstream: readonly string[]) => object;

const common = ({ rule, retries }: Draw) => ({ triggerRule: rule, retry: { retries, delayMs: 1 } });

/** A value that may be there or not, of an upstream or of the run. */
const expressionOf = ({ pick }: Draw, upstream: readonly string[]): string =>
  upstream.length === 0 ? "{{ params.x }}" : `{{ tasks.${upstream[pick % upstream.length]}.output | default(0) }}`;

const SAY: Readonly<Record<Draw["kind"], Say>> = {
  noop: common,
  empty: ({ rule }) => ({ operator: "empty", triggerRule: rule }),
  branch: (draw, upstream, downstream) => ({
    operator: "branch",
    triggerRule: draw.rule,
    on: expressionOf(draw, upstream),
    cases: [{ is: 1, to: downstream.filter((_, i) => (draw.pick >> i) & 1) }],
    otherwise: downstream.filter((_, i) => (draw.pick >> (i + 3)) & 1),
  }),
  shortCircuit: (draw, upstream) => ({
    operator: "shortCircuit",
    triggerRule: draw.rule,
    on: expressionOf(draw, upstream),
    ...(draw.pick & 1 ? { respectRules: true } : {}),
  }),
  map: draw => ({
    ...common(draw),
    ...(draw.rule === "always" ? { triggerRule: "all_done" } : {}),
    map: {
      over: Array.from({ length: draw.pick % 4 }, (_, i) => i),
      ...(draw.pick & 4 ? { maxActive: 1 } : {}),
      ...(draw.pick & 8 ? { maxFailures: 0.5 } : {}),
    },
  }),
  teardown: (draw, upstream) => ({ ...common(draw), triggerRule: "all_done", teardown: { of: upstream.slice(0, 1) } }),
};
