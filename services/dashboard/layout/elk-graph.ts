import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { LayoutReply } from "#contract/layout.ts";
import { groupOf, groupPath, nameInGroup } from "#contract/task-group.ts";
import type { DagSpec } from "#core/dag-spec.ts";

export type Layout = Omit<LayoutReply, "version">;

const NODE_HEIGHT = 44;
const [MIN_WIDTH, MAX_WIDTH] = [160, 320];
/** Few different widths look calmer than many. */
const WIDTH_STEP = 40;
/** Room for the state's icon and the padding; a letter of the pages' 13 px font is about 7 wide. */
const [CHROME_WIDTH, LETTER_WIDTH] = [56, 7.2];

const OPTIONS: Readonly<Record<string, string>> = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "16",
  "elk.spacing.edgeEdge": "8",
  "elk.spacing.edgeNode": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": "48",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  // Without these each edge is placed relative to the box around both its ends.
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};

/** Room for the group's name above its tasks. */
const GROUP_OPTIONS: Readonly<Record<string, string>> = { "elk.padding": "[top=34,left=14,bottom=14,right=14]" };

const widthOf = (id: string): number =>
  Math.min(
    MAX_WIDTH,
    Math.max(MIN_WIDTH, Math.ceil((CHROME_WIDTH + nameInGroup(id).length * LETTER_WIDTH) / WIDTH_STEP) * WIDTH_STEP),
  );

/** What of a DAG decides its drawing. */
export type Shape = Pick<DagSpec, "tasks">;

/** A DAG as ELK takes it: groups are nodes around their tasks. */
export function toElk({ tasks }: Shape): ElkNode {
  const root: ElkNode = { id: "", layoutOptions: { ...OPTIONS }, children: [], edges: edgesOf(tasks) };
  const groups = new Map<string, ElkNode>();
  const parentOf = (group: string | undefined): ElkNode => (group === undefined ? root : groups.get(group)!);
  for (const { id } of tasks) {
    for (const group of groupPath(groupOf(id))) {
      if (groups.has(group)) continue;
      const node: ElkNode = { id: groupKey(group), layoutOptions: { ...GROUP_OPTIONS }, children: [] };
      groups.set(group, node);
      parentOf(groupOf(group)).children!.push(node);
    }
    parentOf(groupOf(id)).children!.push({ id, width: widthOf(id), height: NODE_HEIGHT });
  }
  return root;
}

/** A task may have the name of a group. No id contains a slash. */
const groupKey = (group: string): string => `${group}/`;

function edgesOf(tasks: Shape["tasks"]): ElkExtendedEdge[] {
  const known = new Set(tasks.map(({ id }) => id));
  return tasks.flatMap(({ id, upstream }) =>
    upstream.filter(up => known.has(up)).map(up => ({ id: `${up}/${id}`, sources: [up], targets: [id] })),
  );
}

/** What ELK made of {@link toElk}'s graph. */
export function fromElk(root: ElkNode, { tasks }: Shape): Layout {
  const boxes = new Map<string, Pick<LayoutReply["nodes"][number], "x" | "y" | "width" | "height">>();
  const collect = (node: ElkNode) => {
    for (const child of node.children ?? []) {
      const { x = 0, y = 0, width = 0, height = 0 } = child;
      boxes.set(child.id, { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) });
      collect(child);
    }
  };
  collect(root);
  const points = new Map((root.edges ?? []).map(edge => [edge.id, pointsOf(edge)]));
  const groups = [...new Set(tasks.flatMap(({ id }) => groupPath(groupOf(id))))];
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    nodes: tasks.map(({ id }) => ({ id, ...boxes.get(id)!, ...field("group", groupOf(id)) })),
    groups: groups.map(id => ({ id, label: nameInGroup(id), ...boxes.get(groupKey(id))!, ...field("parent", groupOf(id)) })),
    edges: edgesOf(tasks).map(({ id, sources, targets }) => ({
      from: sources[0]!,
      to: targets[0]!,
      points: points.get(id) ?? [],
    })),
  };
}

const field = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string };

const pointsOf = ({ sections = [] }: ElkExtendedEdge): number[] =>
  sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [Math.round(x), Math.round(y)]),
  );
