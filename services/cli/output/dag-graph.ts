import type { DagSpec } from "#core/dag-spec.ts";

type Task = DagSpec["tasks"][number];

/** The tasks as a tree: each under its first upstream, further ones named behind it. */
export function treeGraph({ tasks }: DagSpec): string[] {
  const lines: string[] = [];
  const draw = (above: string | undefined, indent: string): void => {
    const children = tasks.filter(task => task.upstream[0] === above);
    for (const child of children) {
      const isLast = child === children.at(-1);
      lines.push(`${indent}${isLast ? "└─" : "├─"} ${describe(child)}`);
      draw(child.id, `${indent}${isLast ? "   " : "│  "}`);
    }
  };
  draw(undefined, "");
  return lines;
}

function describe(task: Task): string {
  const others = task.upstream.slice(1);
  const what = task.operator === "pod" ? (task.pod.image ?? "pod") : task.operator;
  return `${task.id}  ${what}${others.length === 0 ? "" : `  (also after ${others.join(", ")})`}`;
}

const edgesOf = ({ tasks }: DagSpec): [from: string, to: string][] =>
  tasks.flatMap(task => task.upstream.map((from): [string, string] => [from, task.id]));

/** https://mermaid.js.org: ids there know no dots, so that tasks are numbered. */
export function mermaidGraph(spec: DagSpec): string[] {
  const numbers = new Map(spec.tasks.map(({ id }, at) => [id, `t${at}`]));
  const nodes = spec.tasks.map(({ id }) => `  ${numbers.get(id)}["${id}"]`);
  return ["flowchart LR", ...nodes, ...edgesOf(spec).map(([from, to]) => `  ${numbers.get(from)} --> ${numbers.get(to)}`)];
}

/** Graphviz. */
export function dotGraph(spec: DagSpec): string[] {
  const edges = edgesOf(spec).map(([from, to]) => `  "${from}" -> "${to}";`);
  return [`digraph "${spec.id}" {`, "  rankdir=LR;", ...spec.tasks.map(({ id }) => `  "${id}";`), ...edges, "}"];
}
