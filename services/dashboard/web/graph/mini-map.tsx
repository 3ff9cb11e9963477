import { memo, type PointerEvent } from "react";
import type { LayoutReply } from "#contract/layout.ts";
import { lookOf as stateLook } from "../ui/state-look.ts";
import type { NodeLook } from "./drawing.tsx";
import type { Viewport } from "./viewport.ts";

interface MiniMapProps {
  layout: LayoutReply;
  lookOf: (taskId: string) => NodeLook;
  view: Viewport;
  frame: { width: number; height: number };
  /** To a point of the drawing. */
  onMove: (at: { x: number; y: number }) => void;
}

const [MAX_WIDTH, MAX_HEIGHT] = [200, 120];

/** The whole drawing, small, with what is seen of it. Nothing where all of it is seen. */
export function MiniMap({ layout, lookOf, view, frame, onMove }: MiniMapProps) {
  const seen = { x: view.x, y: view.y, width: frame.width / view.scale, height: frame.height / view.scale };
  const isWhole = seen.x <= 0 && seen.y <= 0 && seen.x + seen.width >= layout.width && seen.y + seen.height >= layout.height;
  if (isWhole) return null;
  const scale = Math.min(MAX_WIDTH / layout.width, MAX_HEIGHT / layout.height);
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    onMove({ x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale });
  };
  return (
    <svg
      className="mini-map"
      width={layout.width * scale}
      height={Math.max(16, layout.height * scale)}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={move}
      onPointerMove={move}
    >
      <Nodes layout={layout} lookOf={lookOf} />
      <rect
        className="mini-seen"
        x={seen.x}
        y={seen.y}
        width={seen.width}
        height={seen.height}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

const Nodes = memo(function Nodes({ layout, lookOf }: Pick<MiniMapProps, "layout" | "lookOf">) {
  return layout.nodes.map(({ id, x, y, width, height }) => {
    const { state } = lookOf(id);
    return (
      <rect
        key={id}
        className={`mini-node tone-${state === undefined ? "idle" : stateLook(state).tone}`}
        x={x}
        y={y}
        width={width}
        height={height}
      />
    );
  });
});
