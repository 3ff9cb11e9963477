import { memo } from "react";
import type { LayoutReply } from "#contract/layout.ts";
import { nameInGroup } from "#contract/task-group.ts";
import { lookOf as stateLook } from "../ui/state-look.ts";
import { edgePath } from "./edge-path.ts";

/** How a task is drawn. */
export interface NodeLook {
  /** Absent: the DAG is shown, not a run of it. */
  state?: string | undefined;
  /** Below the name. */
  note: string;
  /** A mapped task: drawn as a pile. `count`: how many instances, if that is known. */
  mapped?: { count?: number | undefined } | undefined;
}

interface DrawingProps {
  layout: LayoutReply;
  lookOf: (taskId: string) => NodeLook;
  selected: string | undefined;
}

/** All of a DAG in the drawing's own units. Drawn anew only when a state changes: moving it costs nothing here. */
export const Drawing = memo(function Drawing({ layout, lookOf, selected }: DrawingProps) {
  return (
    <>
      {layout.groups.map(({ id, label, x, y, width, height }) => (
        <g key={id} className="group">
          <rect x={x} y={y} width={width} height={height} rx={10} />
          <text x={x + 14} y={y + 22}>
            {label}
          </text>
        </g>
      ))}
      <g className="edges">
        {layout.edges.map(({ from, to, points }) => (
          <path key={`${from}/${to}`} d={edgePath(points)} className={edgeClass(from, to, lookOf, selected)} />
        ))}
      </g>
      {layout.nodes.map(node => (
        <Node key={node.id} node={node} look={lookOf(node.id)} isSelected={node.id === selected} />
      ))}
    </>
  );
});

/** What a failure has kept from running hangs on it by a line of its own colour. */
function edgeClass(from: string, to: string, lookOf: DrawingProps["lookOf"], selected: string | undefined): string {
  const [before, after] = [lookOf(from).state, lookOf(to).state];
  const isBroken = after === "upstream_failed" && (before === "failed" || before === "upstream_failed");
  return `${isBroken ? "broken" : ""}${from === selected || to === selected ? " near" : ""}`;
}

interface NodeProps {
  node: LayoutReply["nodes"][number];
  look: NodeLook;
  isSelected: boolean;
}

const Node = memo(
  function Node({ node: { id, x, y, width, height }, look: { state, note, mapped }, isSelected }: NodeProps) {
    const { icon: Icon, tone, label } = stateLook(state ?? "none");
    const isKnown = state !== undefined;
    const textX = isKnown ? 34 : 14;
    return (
      // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a drawing of a task; the frame has the focus and names the chosen one
      <g
        id={`node-${id}`}
        role="img"
        aria-label={`${isSelected ? "chosen: " : ""}${id}${isKnown ? `, ${label}` : ""}, ${note}`}
        data-task={id}
        data-tip={`${id}\n${isKnown ? `${label} · ` : ""}${note}`}
        className={`node${isKnown ? ` tone-${tone} known` : ""}${isSelected ? " selected" : ""}`}
        transform={`translate(${x} ${y})`}
      >
        {mapped !== undefined && <rect className="pile" x={4} y={4} width={width} height={height} rx={8} />}
        <rect className="box" width={width} height={height} rx={8} />
        {isKnown && <Icon className="node-icon" x={11} y={height / 2 - 8} size={16} strokeWidth={2.4} />}
        <text className="node-name" x={textX} y={19}>
          {cut(nameInGroup(id), width - textX - (mapped === undefined ? 10 : 44), NAME_LETTER)}
        </text>
        <text className="node-note" x={textX} y={34}>
          {cut(note, width - textX - 8, NOTE_LETTER)}
        </text>
        {mapped !== undefined && (
          <text className="node-count" x={width - 10} y={19}>
            ×{mapped.count ?? "n"}
          </text>
        )}
      </g>
    );
  },
  (a, b) => a.node === b.node && a.isSelected === b.isSelected && isSame(a.look, b.look),
);

const isSame = (a: NodeLook, b: NodeLook): boolean =>
  a.state === b.state && a.note === b.note && a.mapped?.count === b.mapped?.count;

/** How wide a letter is at most, more or less, in the two sizes of graph.css. */
const [NAME_LETTER, NOTE_LETTER] = [6.9, 5.6];
const cut = (text: string, room: number, letter: number): string => {
  const letters = Math.max(3, Math.floor(room / letter));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
};
