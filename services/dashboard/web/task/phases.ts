import type { TryView } from "./tries-of.ts";

/** A stretch of a try's life. */
export interface Phase {
  label: string;
  fromMs: number;
  toMs: number;
  /** The program was at work. */
  isWork: boolean;
}

/** The steps in their order: what a try is doing until it has come there. */
const STEPS = [
  ["queuedAt", "in the queue"],
  ["begunAt", "pod is created"],
  ["createdAt", "waits for a node"],
  ["scheduledAt", "image is pulled"],
  ["pulledAt", "container starts"],
  ["startedAt", "runs"],
  ["endedAt", "is recorded"],
] as const;

const SECOND_MS = 1_000;

type Steps = Partial<Record<(typeof STEPS)[number][0], number>>;

const ms = (instant: string | undefined): number | undefined => (instant === undefined ? undefined : Date.parse(instant));

/**
 * From one known step to the next. Kubernetes dates to the second and by its own clock, so that a step is never put before the one it follows,
 * nor behind the end that was recorded.
 * @param queuedAt of the task, if this try is the one that was queued then
 */
export function phasesOf({ startedAt, endedAt, timeline }: TryView, queuedAt: string | undefined, nowMs: number): Phase[] {
  const begunMs = ms(startedAt);
  const queuedMs = ms(queuedAt);
  const steps: Steps = {
    ...(queuedMs !== undefined && begunMs !== undefined && queuedMs <= begunMs ? { queuedAt: queuedMs } : {}),
    ...given("begunAt", begunMs),
    ...given("createdAt", ms(timeline?.createdAt)),
    ...given("scheduledAt", ms(timeline?.scheduledAt)),
    ...given("pulledAt", ms(timeline?.pulledAt)),
    ...given("startedAt", ms(timeline?.startedAt)),
    ...given("endedAt", ms(timeline?.endedAt)),
  };
  const lastMs = ms(endedAt) ?? nowMs;
  // It was told of its end within the second that Kubernetes names.
  if (steps.endedAt !== undefined && lastMs - steps.endedAt < SECOND_MS) delete steps.endedAt;
  const known = STEPS.flatMap(([step, label]) => (steps[step] === undefined ? [] : [{ step, label, atMs: steps[step] }]));
  let before = known[0]?.atMs ?? 0;
  const inOrder = known.map(({ step, label, atMs }) => {
    before = Math.min(lastMs, Math.max(before, atMs));
    return { step, label, atMs: before };
  });
  return inOrder.map(({ step, label, atMs }, i) => ({
    label: nextIsUnknown(step, inOrder[i + 1]?.step) ? `${label}, then on` : label,
    fromMs: atMs,
    toMs: inOrder[i + 1]?.atMs ?? lastMs,
    isWork: step === "startedAt",
  }));
}

const given = (step: keyof Steps, atMs: number | undefined): Steps => (atMs === undefined ? {} : { [step]: atMs });

/** Nobody asked when the image was there: pulling and starting are one stretch. */
const nextIsUnknown = (step: string, next: string | undefined): boolean => step === "scheduledAt" && next === "startedAt";
