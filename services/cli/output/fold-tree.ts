import type { TaskReply } from "#contract/run.ts";
import type { TreeNode } from "./run-tree.ts";

interface FoldedTree {
  roots: TreeNode[];
  /** What is left out, in words. */
  rest?: string;
}

/** States that a reader wants to see one by one, the most urgent first. */
const LOUD: readonly TaskReply["state"][] = ["failed", "running", "up_for_retry", "restarting", "deferred", "cancelled"];

/**
 * Fewer rows, step by step, until they fit: quiet siblings that are alike become one row, then loud ones, then what is alike from its top
 * to its bottom, and at last only the rows that matter most are left. Pure.
 */
export function foldTree(roots: readonly TreeNode[], maxRows: number): FoldedTree {
  const steps: readonly ((nodes: readonly TreeNode[]) => TreeNode[])[] = [
    nodes => [...nodes],
    nodes => foldSiblings(nodes, node => isLeaf(node) && !LOUD.includes(node.task.state)),
    nodes => foldSiblings(nodes, isLeaf),
    nodes => foldSiblings(nodes, () => true),
  ];
  let folded: TreeNode[] = [...roots];
  for (const step of steps) {
    folded = step(folded);
    if (countRows(folded) <= maxRows) return { roots: folded };
  }
  return cut(folded, maxRows - 1);
}

const isLeaf = ({ children }: TreeNode): boolean => children.length === 0;
const countRows = (nodes: readonly TreeNode[]): number => nodes.reduce((sum, node) => sum + 1 + countRows(node.children), 0);
const countTasks = (node: TreeNode): number => node.children.reduce((sum, child) => sum + countTasks(child), node.count);

/** Merges siblings of one state of which `mayFold` says so; such that have children only if everything below is in that state, too. */
function foldSiblings(nodes: readonly TreeNode[], mayFold: (node: TreeNode) => boolean): TreeNode[] {
  const groups = new Map<string, TreeNode>();
  return nodes.flatMap((node): TreeNode[] => {
    const folded = { ...node, children: foldSiblings(node.children, mayFold) };
    if (!mayFold(node) || !isUniform(node)) return [folded];
    const known = groups.get(node.task.state);
    if (known !== undefined) {
      known.count += countTasks(node);
      return [];
    }
    const first = { ...node, children: [], count: countTasks(node) };
    groups.set(node.task.state, first);
    return [first];
  });
}

const isUniform = ({ task, children }: TreeNode): boolean =>
  children.every(child => child.task.state === task.state && isUniform(child));

/** The rows that matter most, flat and in their order. */
function cut(roots: readonly TreeNode[], maxRows: number): FoldedTree {
  const rows = flatten(roots);
  const rank = ({ task }: TreeNode): number => (LOUD.includes(task.state) ? LOUD.indexOf(task.state) : LOUD.length);
  const kept = new Set([...rows].sort((a, b) => rank(a) - rank(b)).slice(0, maxRows));
  const left = rows.filter(row => !kept.has(row));
  const counts = Map.groupBy(left, ({ task }) => task.state);
  const words = [...counts].map(([state, some]) => `${some.reduce((sum, { count }) => sum + count, 0)} ${state}`);
  return { roots: rows.filter(row => kept.has(row)), rest: `and ${words.join(", ")}` };
}

const flatten = (nodes: readonly TreeNode[]): TreeNode[] =>
  nodes.flatMap(node => [{ ...node, children: [] }, ...flatten(node.children)]);
