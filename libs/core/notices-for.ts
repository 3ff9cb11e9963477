import type { DagSpec } from "./dag-spec.ts";
import { type Graph, specOf } from "./graph.ts";
import type { Notice, NoticeMoment, Notices } from "./notice.ts";

/** One word to one receiver. Its id is computed: ordering it twice is sending it once. */
export interface NoticeRequest {
  id: string;
  runId: string;
  /** Absent: about the run. */
  taskId?: string;
  try?: number;
  moment: NoticeMoment;
  notice: Notice;
}

/** Whom to tell of what a step decided. Without `taskId` it is about the run, as it stands after the step. */
export function noticesFor(
  graph: Graph,
  run: { id: string; endedAt?: number },
  { moment, taskId, try: tryNumber = 0 }: { moment: NoticeMoment; taskId?: string; try?: number },
): NoticeRequest[] {
  return taskId === undefined
    ? runNotices(graph.spec, run.id, { moment, at: run.endedAt ?? 0 })
    : taskNotices(graph, run.id, taskId, { moment, try: tryNumber });
}

/** Whom to tell that a task reached a moment. The task may be an instance. */
function taskNotices(
  graph: Graph,
  runId: string,
  taskId: string,
  { moment, try: tryNumber }: { moment: NoticeMoment; try: number },
): NoticeRequest[] {
  const { notices } = specOf(graph, taskId) ?? {};
  const about = { runId, taskId, try: tryNumber, moment };
  return listOf(notices, moment).map((notice, n) => ({ ...about, id: `${runId}~${taskId}~${tryNumber}~${moment}~${n}`, notice }));
}

/** Whom to tell that a run reached a moment. `at` is the instant of it: a run that a person reopened can end once more. */
function runNotices(spec: DagSpec, runId: string, { moment, at }: { moment: NoticeMoment; at: number }): NoticeRequest[] {
  return listOf(spec.notices, moment).map((notice, n) => ({ id: `${runId}~~${at}~${moment}~${n}`, runId, moment, notice }));
}

/** Whom to tell that a run missed its deadline of that index. */
export function deadlineNotices(spec: DagSpec, runId: string, index: number): NoticeRequest[] {
  const notices = [...(spec.deadlines?.[index]?.notices ?? []), ...listOf(spec.notices, "onDeadline")];
  return notices.map((notice, n) => ({ id: `${runId}~~deadline-${index}~onDeadline~${n}`, runId, moment: "onDeadline", notice }));
}

const listOf = (notices: Notices | undefined, moment: NoticeMoment): readonly Notice[] => notices?.[moment] ?? [];
