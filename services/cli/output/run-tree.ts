import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";
import { paint } from "./colours.ts";
import { describeTask } from "./describe-task.ts";
import { foldTree } from "./fold-tree.ts";
import { stateColour, TASK_MARKS } from "./task-mark.ts";

/** A task with those that hang on it first; or several that are alike, told as one. */
export interface TreeNode {
  task: TaskReply;
  children: TreeNode[];
  /** Tasks that this row stands for; 1 where nothing is folded. */
  count: number;
}

export interface TreeOptions {
  /** Instant in ms, for what is still to come. */
  now: number;
  /** More rows than this are folded. Default 40. */
  maxRows?: number;
  colours?: boolean;
}

/** The run as a tree: a task under its first upstream, one line each, folded where there are too many. Pure. */
export function renderRunTree(run: RunDetailReply, { now, maxRows = 40, colours = false }: TreeOptions): string[] {
  const { roots, rest } = foldTree(growTree(run.tasks), maxRows);
  const lines = [headOf(run, now, colours)];
  const draw = (nodes: readonly TreeNode[], indent: string): void => {
    for (const node of nodes) {
      const isLast = node === nodes.at(-1) && (indent !== "" || rest === undefined);
      const mark = `${TASK_MARKS[node.task.state]} ${describeNode(node, now)}`;
      const colour = colours ? stateColour(node.task.state) : undefined;
      lines.push(`${indent}${isLast ? "└─" : "├─"} ${colour === undefined ? mark : paint(mark, colour)}`);
      draw(node.children, `${indent}${isLast ? "   " : "│  "}`);
    }
  };
  draw(roots, "");
  if (rest !== undefined) lines.push(`└─ … ${rest}`);
  return lines;
}

function headOf(run: RunDetailReply, now: number, colours: boolean): string {
  const began = run.startedAt ?? run.createdAt;
  const took = formatDuration(Math.max(0, Date.parse(run.endedAt ?? new Date(now).toISOString()) - Date.parse(began)));
  const colour = colours ? stateColour(run.state) : undefined;
  return `${run.id}  ${colour === undefined ? run.state : paint(run.state, colour)}${run.startedAt === undefined ? "" : `  ${took}`}`;
}

/** A task hangs on the first of its upstreams; in an order that has no circles it is drawn once. */
function growTree(tasks: readonly TaskReply[]): TreeNode[] {
  const nodes = new Map(tasks.map(task => [task.id, { task, children: [], count: 1 } as TreeNode]));
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) (nodes.get(node.task.upstream[0] ?? "")?.children ?? roots).push(node);
  return roots;
}

const describeNode = ({ task, count }: TreeNode, now: number): string =>
  count === 1 ? describeTask(task, now) : `${task.id}  and ${count - 1} more  ${task.state}`;
