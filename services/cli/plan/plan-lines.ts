import type { PodVerdict, TaskPlan } from "#kube/plan/plan-dag.ts";
import { type Colour, paint, plain } from "../output/colours.ts";

const SIGNS = { added: "+", removed: "-", changed: "~", same: " " } as const;
const COLOURS: Readonly<Record<string, Colour>> = { "+": "green", "-": "red", "~": "yellow", "✘": "red", "!": "yellow" };

/** A plan for people: each task with its changes, then the cluster's word. */
export function planLines(dagId: string, plans: readonly TaskPlan[], colours: boolean): string[] {
  const lines = plans.flatMap(({ taskId, change, differences, problem, verdict }) => [
    `${change === undefined ? " " : SIGNS[change]} ${taskId}${change === undefined ? "" : `  ${change}`}`,
    ...differences.map(({ path, before, after, layer }) => `    ${path}: ${word(before)} → ${word(after)}  (${layer})`),
    ...(problem === undefined ? [] : [`    ✘ ${problem.code}: ${problem.message}`]),
    ...(verdict === undefined ? [] : verdictLines(verdict)),
  ]);
  const shown = plans.length === 0 ? ["  no task has a pod"] : lines;
  return [`DAG ${dagId}`, ...shown.map(line => coloured(plain(line), colours))];
}

const word = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const verdictLines = (verdict: PodVerdict): string[] =>
  verdict.accepted
    ? ["    ✔ the cluster would take it", ...verdict.warnings.map(warning => `    ! ${warning}`)]
    : [`    ✘ ${verdict.code}: ${verdict.message}`, ...(verdict.origin === "" ? [] : [`      ${verdict.origin}`])];

function coloured(line: string, colours: boolean): string {
  const colour = colours ? COLOURS[line.trimStart()[0] ?? ""] : undefined;
  return colour === undefined ? line : paint(line, colour);
}
