import type { OutcomeReply, TaskReply, TimelineReply } from "#contract/run.ts";

/** A try that ended, or the one under way. */
export interface TryView {
  try: number;
  /** Which restart of the try: infrastructure's, they use up none. */
  infra: number;
  state: TaskReply["state"];
  startedAt: string | undefined;
  /** Absent: it goes on. */
  endedAt: string | undefined;
  worker: string | undefined;
  pod: TaskReply["pod"];
  outcome: OutcomeReply | undefined;
  timeline: TimelineReply | undefined;
  later: TaskReply["tries"][number]["later"];
  rendered: Readonly<Record<string, string>> | undefined;
  /** Whose logs are kept. */
  containers: readonly string[];
}

const UNDER_WAY: ReadonlySet<string> = new Set(["running", "deferred"]);

/** A task's tries, oldest first. */
export function triesOf(task: TaskReply): TryView[] {
  const ended = task.tries.map(
    ({ try: number, infra, state, startedAt, endedAt, worker, pod, outcome, timeline, later, rendered, links }): TryView => ({
      try: number,
      infra,
      state,
      startedAt,
      endedAt,
      worker,
      pod,
      outcome,
      timeline,
      later,
      rendered,
      containers: Object.keys(links.containers),
    }),
  );
  const isKnown = ended.some(one => one.try === task.try && one.infra === task.infra);
  if (!UNDER_WAY.has(task.state) || isKnown) return ended;
  const { state, startedAt, worker, note, links } = task;
  return [
    ...ended,
    {
      try: task.try,
      infra: task.infra,
      state,
      startedAt,
      endedAt: undefined,
      worker,
      pod: task.pod ?? (note?.pod as TaskReply["pod"]),
      outcome: undefined,
      timeline: undefined,
      later: undefined,
      rendered: undefined,
      containers: Object.keys(links.containers),
    },
  ];
}

/** The try that the address names, else the last. */
export const chosenTry = (
  tries: readonly TryView[],
  number: number | undefined,
  infra?: number | undefined,
): TryView | undefined =>
  tries.findLast(one => one.try === number && (infra === undefined || one.infra === infra)) ?? tries.at(-1);
