import "./gantt.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { RunDetailReply } from "#contract/run.ts";
import { groupOf, nameInGroup } from "#contract/task-group.ts";
import { useNow } from "../live/clock.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { StateIcon } from "../ui/state-badge.tsx";
import { lookOf } from "../ui/state-look.ts";
import { type Bar, type Gantt, type GanttRow, ganttOf } from "./gantt.ts";
import { ticksOf } from "./ticks.ts";

interface GanttChartProps {
  run: RunDetailReply;
  selected: string | undefined;
  onSelect: (taskId: string) => void;
}

const ROW = 30;

/** Who ran when: queue, start and work of every try on one axis. Arrow keys go from task to task. */
export function GanttChart({ run, selected, onSelect }: GanttChartProps) {
  // An ended run is drawn once: nothing of it moves.
  return run.endedAt === undefined ? (
    <Moving run={run} selected={selected} onSelect={onSelect} />
  ) : (
    <Chart gantt={ganttOf(run, Date.parse(run.endedAt))} selected={selected} onSelect={onSelect} />
  );
}

function Moving({ run, ...rest }: GanttChartProps) {
  return <Chart gantt={ganttOf(run, useNow())} {...rest} />;
}

interface ChartProps extends Omit<GanttChartProps, "run"> {
  gantt: Gantt;
}

function Chart({ gantt: { fromMs, toMs, rows }, selected, onSelect }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12 });
  const at = rows.findIndex(({ task }) => task.id === selected);
  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: "auto" });
  }, [at, list]);

  const spanMs = toMs - fromMs;
  const place = (atMs: number): string => `${(((atMs - fromMs) / spanMs) * 100).toFixed(3)}%`;
  const move = (event: KeyboardEvent): void => {
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: rows.length - 1 }[event.key];
    const row = to === undefined ? undefined : rows[to];
    if (row === undefined) return;
    event.preventDefault();
    onSelect(row.task.id);
  };
  return (
    <div className="gantt" ref={box}>
      <div className="gantt-head" aria-hidden="true">
        <span className="gantt-name">Task</span>
        <div className="gantt-axis">
          {ticksOf(spanMs, 5).map(tick => (
            <span key={tick} className="gantt-tick number" style={{ left: `${(tick / spanMs) * 100}%` }}>
              {tick === 0 ? "0" : formatDuration(tick).replace(/\.0 s$/, " s")}
            </span>
          ))}
        </div>
        <span className="gantt-took">Took</span>
      </div>
      <div
        className="gantt-rows"
        role="listbox"
        tabIndex={0}
        aria-label="Tasks by time"
        aria-activedescendant={selected === undefined ? undefined : rowId(selected)}
        onKeyDown={move}
        style={{ height: list.getTotalSize() }}
      >
        {list.getVirtualItems().map(item => (
          <Row
            key={item.key}
            row={rows[item.index]!}
            top={item.start}
            place={place}
            spanMs={spanMs}
            isSelected={item.index === at}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  row: GanttRow;
  top: number;
  place: (atMs: number) => string;
  spanMs: number;
  isSelected: boolean;
  onSelect: (taskId: string) => void;
}

const rowId = (taskId: string): string => `gantt-${taskId}`;

function Row({ row: { task, bars }, top, place, spanMs, isSelected, onSelect }: RowProps) {
  const tookMs = bars
    .filter(({ kind }) => kind === "starting" || kind === "running")
    .reduce((sum, bar) => sum + bar.toMs - bar.fromMs, 0);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the keys
    <div
      id={rowId(task.id)}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      className={`gantt-row${isSelected ? " selected" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(task.id)}
    >
      <span className="gantt-name">
        <StateIcon state={task.state} />
        <span className="cut" title={task.id}>
          {groupOf(task.id) !== undefined && <span className="gantt-group">{groupOf(task.id)}.</span>}
          {nameInGroup(task.id)}
        </span>
        {task.instances !== undefined && <span className="gantt-count number">×{task.instances}</span>}
        {task.try > 1 && (
          <span className="gantt-count number" data-tip={`${task.try} tries`}>
            try {task.try}
          </span>
        )}
      </span>
      <div className="gantt-axis">
        {bars.map(bar => (
          <BarView key={`${bar.kind}${bar.fromMs}`} bar={bar} place={place} spanMs={spanMs} />
        ))}
        {bars.length === 0 && <span className="gantt-none">{lookOf(task.state).label}</span>}
      </div>
      <span className="gantt-took number">{tookMs > 0 ? formatDuration(tookMs) : ""}</span>
    </div>
  );
}

const KINDS: Readonly<Record<Bar["kind"], string>> = {
  queued: "waited in the queue",
  retry: "waited for its next try",
  starting: "its pod was starting",
  running: "ran",
};

function BarView({ bar, place, spanMs }: { bar: Bar; place: (atMs: number) => string; spanMs: number }) {
  const { kind, fromMs, toMs, state, try: number, infra, code, isOpen } = bar;
  const { tone, label, icon: Icon } = lookOf(state);
  const isWork = kind === "running" || kind === "starting";
  const of = number === undefined ? "" : `try ${number}${infra ? `, restart ${infra}` : ""}: `;
  const end = isWork ? (isOpen ? ", goes on" : ` — ${label}${code === undefined ? "" : ` (${code})`}`) : "";
  return (
    <span
      className={`bar bar-${kind} tone-${tone}${isOpen ? " open" : ""}`}
      style={{ left: place(fromMs), width: `max(2px, ${(((toMs - fromMs) / spanMs) * 100).toFixed(3)}%)` }}
      data-tip={`${of}${KINDS[kind]} ${formatDuration(toMs - fromMs)}${end}`}
    >
      {kind === "running" && !isOpen && state !== "success" && <Icon size={11} strokeWidth={3} aria-hidden="true" />}
    </span>
  );
}
