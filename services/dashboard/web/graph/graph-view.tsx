import "./graph.css";
import { Maximize, Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { LayoutReply } from "#contract/layout.ts";
import { Button } from "../ui/button.tsx";
import { Drawing, type NodeLook } from "./drawing.tsx";
import { MiniMap } from "./mini-map.tsx";
import { neighbour } from "./neighbour.ts";
import { around, firstView, pan, VIEW_KEYS, type Viewport, zoom } from "./viewport.ts";

interface GraphViewProps {
  layout: LayoutReply;
  /** How each task looks; the same function as long as nothing has changed. */
  lookOf: (taskId: string) => NodeLook;
  selected: string | undefined;
  /** Where it opens when it is too large to be seen whole. */
  focus: string | undefined;
  onSelect: (taskId: string | undefined) => void;
}

/** A press that moves less is a click. */
const CLICK_PX = 4;

/** A DAG that can be moved and zoomed: by mouse, by touch, and by keyboard, where arrows go from task to task. */
export function GraphView({ layout, lookOf, selected, focus, onSelect }: GraphViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<Viewport>();
  const nodes = useMemo(() => new Map(layout.nodes.map(node => [node.id, node])), [layout]);
  const centre = (id: string | undefined) => {
    const node = id === undefined ? undefined : nodes.get(id);
    return node && { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  };

  useLayoutEffect(() => {
    const observer = new ResizeObserver(
      ([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }),
    );
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it opens once; what is selected later is the reader's doing
  useEffect(() => {
    if (size.width > 0) setView(firstView(layout, size, centre(selected ?? focus)));
  }, [layout, size]);
  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = frame.current!.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const isZoom = event.ctrlKey || event.metaKey || Math.abs(event.deltaX) < Math.abs(event.deltaY);
      setView(now => now && (isZoom ? zoom(now, Math.exp(-event.deltaY / 400), at) : pan(now, -event.deltaX, -event.deltaY)));
    };
    const box = frame.current!;
    box.addEventListener("wheel", onWheel, { passive: false });
    return () => box.removeEventListener("wheel", onWheel);
  }, []);

  const drag = useDrag((dx, dy) => setView(now => now && pan(now, dx, dy)), onSelect);
  const press = (key: string) => setView(now => now && (VIEW_KEYS[key]?.(now, size, layout) ?? now));
  const moveTo = (at: { x: number; y: number }) => setView(now => now && around(at, size, now.scale));
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    const from = selected === undefined ? undefined : nodes.get(selected);
    const isWalk = event.key.startsWith("Arrow") && !event.shiftKey;
    if (event.key === "Escape") return onSelect(undefined);
    if (VIEW_KEYS[event.key] === undefined) return;
    event.preventDefault();
    if (!isWalk) return press(event.key);
    const next = from === undefined ? layout.nodes[0] : neighbour(layout.nodes, from, event.key);
    if (next === undefined) return;
    onSelect(next.id);
    moveTo(centre(next.id)!);
  };

  return (
    <div className="graph">
      <div
        ref={frame}
        className="graph-frame"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move it and go from task to task
        tabIndex={0}
        aria-label={`Graph of ${layout.nodes.length} tasks. Arrows go from task to task, with Shift they move the drawing; plus and minus zoom, 0 shows all.`}
        aria-activedescendant={selected === undefined ? undefined : `node-${selected}`}
        onKeyDown={onKey}
        {...drag}
      >
        {view !== undefined && (
          <svg
            width={size.width}
            height={size.height}
            className={view.scale < 0.4 ? "far" : undefined}
            aria-hidden="false"
            role="presentation"
          >
            <g transform={`scale(${view.scale}) translate(${-view.x} ${-view.y})`}>
              <Drawing layout={layout} lookOf={lookOf} selected={selected} />
            </g>
          </svg>
        )}
      </div>
      <div className="graph-tools">
        <Button small icon={Plus} tip="Zoom in (+)" onClick={() => press("+")} />
        <Button small icon={Minus} tip="Zoom out (−)" onClick={() => press("-")} />
        <Button small icon={Maximize} tip="Show all (0)" onClick={() => press("0")} />
      </div>
      {view !== undefined && <MiniMap layout={layout} lookOf={lookOf} view={view} frame={size} onMove={moveTo} />}
    </div>
  );
}

/** Moving with the button held down moves the drawing; without moving it selects what lies there. */
function useDrag(onMove: (dx: number, dy: number) => void, onSelect: (taskId: string | undefined) => void) {
  const last = useRef<{ x: number; y: number; moved: number }>(undefined);
  return {
    onPointerDown(event: PointerEvent): void {
      if (event.button !== 0) return;
      last.current = { x: event.clientX, y: event.clientY, moved: 0 };
    },
    onPointerMove(event: PointerEvent): void {
      const from = last.current;
      if (from === undefined) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      const moved = from.moved + Math.abs(dx) + Math.abs(dy);
      if (moved > CLICK_PX && !event.currentTarget.hasPointerCapture(event.pointerId))
        event.currentTarget.setPointerCapture(event.pointerId);
      last.current = { x: event.clientX, y: event.clientY, moved };
      if (moved > CLICK_PX) onMove(dx, dy);
    },
    onPointerUp(event: PointerEvent): void {
      const isClick = last.current !== undefined && last.current.moved <= CLICK_PX;
      last.current = undefined;
      if (isClick) onSelect((event.target as Element).closest<SVGElement>("[data-task]")?.dataset.task);
    },
    onPointerCancel(): void {
      last.current = undefined;
    },
  };
}
