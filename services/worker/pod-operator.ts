import { keepMs, type SiteKeep } from "#core/after-end.ts";
import { failure } from "#core/failure.ts";
import { podName, type TryKey } from "#core/ids.ts";
import { cancelled, type Outcome } from "#core/outcome.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { originText, refusedFields } from "#kube/explain-refusal.ts";
import type { Kube } from "#kube/kube.ts";
import { type Launch, launchPod } from "#kube/launch-pod.ts";
import { KEY_ANNOTATION, keyText, type PodManifest, type PodSettings, type RenderedPod, renderTry } from "#kube/manifest.ts";
import { type Pod, podRef } from "#kube/pod.ts";
import { afterEndOf } from "#kube/pod-notes.ts";
import { podRequestOf } from "#kube/pod-request.ts";
import { timelineOf } from "#kube/pod-timeline.ts";
import type { LogStore } from "#logstore/log-store.ts";
import type { Dispute } from "#state/claim-store.ts";
import { finishPod } from "./finish-pod.ts";
import { type FunctionSettings, withFunction } from "./function-pod.ts";
import { listenForLateWord } from "./late-word.ts";
import { notLaunched } from "./not-launched.ts";
import { PhaseReport } from "./phase-report.ts";
import type { Hooks } from "./plugins/hooks.ts";
import { TryHooks } from "./plugins/try-hooks.ts";
import { eventLine } from "./pod-event-line.ts";
import type { PodLimits } from "./pod-limits.ts";
import { PodLogs } from "./pod-logs.ts";
import { watchPod } from "./pod-watch.ts";
import { PullClock } from "./pull-clock.ts";
import { readPodResult } from "./read-pod-result.ts";
import type { Reflectors } from "./reflectors.ts";
import type { Operator, TryEnd, TryRun } from "./run-job.ts";
import { explainStartTimeout, StartEvents } from "./start-events.ts";

export interface PodOperatorDeps {
  kube: Kube;
  reflectors: Reflectors;
  /** Absent: the site keeps logs itself. */
  logs: LogStore | undefined;
  settings: PodSettings;
  functions: FunctionSettings;
  limits: Omit<PodLimits, "timeoutMs">;
  /** A pod that stays silent on its way up this long is asked about. */
  eventsEveryMs: number;
  /** How long an ended pod stays whose task says nothing. */
  keep: SiteKeep;
  hooks: Hooks;
  /** Notes that a pod says something else about its end than what is recorded. */
  dispute(dispute: Dispute): Promise<unknown>;
  now(): number;
  onError(error: unknown): void;
}

/** The story of a pod try: render, launch or adopt, follow to the end of the main container. What is left to do comes `after`. */
export function podOperator(deps: PodOperatorDeps): Operator {
  return async (tryRun, signal) => {
    const key = keyOf(tryRun);
    let manifest: PodManifest;
    let rendered: RenderedPod | undefined;
    let launch: Launch;
    try {
      rendered = renderedPod(tryRun, key, deps);
      manifest = rendered.manifest;
      const reflector = deps.reflectors.of(manifest.metadata.namespace);
      launch = await launchPod({ kube: deps.kube, manifest, key, fresh: !tryRun.mayExist, reflector, signal });
    } catch (error) {
      if (signal.aborted) return signal.reason === "cancel" ? cancelPodTry(deps)(tryRun, signal) : { type: "stopped" };
      return withOrigins(notLaunched(error, tryRun.begunAt, deps), error, rendered, tryRun);
    }
    if (launch.how === "vanished") {
      return {
        type: "ended",
        outcome: failure("PodVanished", { evidence: `pod ${manifest.metadata.name} went away while it was adopted` }),
      };
    }
    const hooks = new TryHooks(deps.hooks, key, deps.now);
    if (launch.how === "created") hooks.created(podRef(launch.pod));
    return follow(launch.pod, tryRun, { ...deps, hooks }, signal);
  };
}

/** Ends a cancelled try without starting it: the pod that an earlier claim may have launched is deleted, and its end awaited. */
export function cancelPodTry(deps: PodOperatorDeps): Operator {
  return async tryRun => {
    const done: TryEnd = { type: "ended", outcome: cancelled("cancelled before it ran") };
    if (tryRun.task.operator !== "pod") return done;
    try {
      const key = keyOf(tryRun);
      // Not rendered: what cannot be rendered any more must be cancelled all the same.
      const { name: head, namespace = deps.settings.defaultNamespace } = tryRun.task.pod;
      const name = podName(key, head);
      const pod = await deps.kube.getPod(namespace, name);
      if (pod?.metadata.annotations?.[KEY_ANNOTATION] !== keyText(key)) return done;
      const hooks = new TryHooks(deps.hooks, key, deps.now);
      return await follow(pod!, tryRun, { ...deps, hooks }, AbortSignal.abort("cancel"));
    } catch (error) {
      return notLaunched(error, tryRun.begunAt, deps);
    }
  };
}

/** What follows one pod has the hooks of its try. */
type FollowDeps = Omit<PodOperatorDeps, "hooks"> & { hooks: TryHooks };

async function follow(pod: Pod, tryRun: TryRun, deps: FollowDeps, signal: AbortSignal): Promise<TryEnd> {
  const { kube, logs, hooks, now, onError } = deps;
  const afterEnd = tryRun.task.operator === "pod" ? afterEndOf(tryRun.task) : {};
  const pull = new PullClock({ kube, onError });
  const report = new PhaseReport(tryRun);
  const podLogs = new PodLogs({ kube, store: logs, tryRun, pod, onError });
  const { namespace, name } = pod.metadata;
  const events = new StartEvents({
    kube,
    namespace,
    name,
    everyMs: deps.eventsEveryMs,
    onWarning: event => {
      tryRun.phase({ phase: "starting", code: event.reason, message: event.message, pod: podRef(pod) });
      podLogs.say(eventLine(event));
    },
    onError,
  });
  const end = await watchPod({
    kube,
    reflector: deps.reflectors.of(namespace),
    pod,
    limits: limitsOf(tryRun.task, deps.limits),
    signal,
    onKill: afterEnd.onKill,
    now,
    onChange: (seen, pod) => {
      report.see(seen);
      podLogs.see(pod);
      events.see(seen);
      pull.see(pod);
      // The start of a container that could not be started is the epoch.
      if (seen.startedAt) hooks.started(seen.pod);
    },
    explain: async (overdue, last) =>
      overdue.code === "StartTimeout" ? explainStartTimeout(overdue, last, await events.warnings()) : overdue,
    onError,
  });
  report.close();
  events.close();
  if (end.type === "stopped") {
    await podLogs.leave();
    return end;
  }
  const { outcome, output } = readPodResult(tryRun.task, end.pod, end.outcome);
  const timeline = { ...timelineOf(end.pod), ...(pull.pulledAt === undefined ? {} : { pulledAt: pull.pulledAt }) };
  const value = output === undefined ? {} : { output };
  return {
    type: "ended",
    outcome,
    ...value,
    timeline,
    pod: end.last.pod,
    async after(recorded) {
      hooks.ended({ pod: end.last.pod, outcome: recorded, ...value, timeline });
      // A pod that goes on is the janitor's, like one whose worker died.
      if (end.left) return void (await Promise.all([podLogs.leave(), hooks.settled()]));
      listenForLateWord({
        reflector: deps.reflectors.of(namespace),
        pod: end.pod,
        outcome: recorded,
        onDispute: word => void deps.dispute(disputeOf(tryRun, recorded, { ...word, at: now() })).catch(onError),
      });
      const stayMs = keepMs(afterEnd, recorded.result === "success", deps.keep);
      const { last, deleted } = end;
      await Promise.all([finishPod({ kube, logs: podLogs, outcome: recorded, last, deleted, keepMs: stayMs }), hooks.settled()]);
    },
  };
}

const disputeOf = ({ runId, task, try: tryNumber, infra }: TryRun, recorded: Outcome, later: Dispute["later"]): Dispute => ({
  runId,
  taskId: task.id,
  try: tryNumber,
  infra,
  recorded: recorded.code,
  later,
});

const keyOf = ({ dagId, runId, task, try: tryNumber, infra }: TryRun): TryKey => ({
  dagId,
  runId,
  taskId: task.id,
  try: tryNumber,
  infra,
});

function renderedPod({ task, podDefaults, bundle }: TryRun, key: TryKey, deps: PodOperatorDeps): RenderedPod {
  if (task.operator !== "pod") throw new TypeError(`task '${task.id}' is no pod`);
  const { settings, functions } = deps;
  const { pod, variables } = withFunction(task, bundle, functions);
  return renderTry({ ...podRequestOf({ ...task, pod }, podDefaults, key, settings), variables });
}

/** Adds to a refusal who set the field that it is about. */
function withOrigins(end: TryEnd, error: unknown, rendered: RenderedPod | undefined, { task }: TryRun): TryEnd {
  if (end.type !== "ended" || rendered === undefined) return end;
  const origin = originText(refusedFields(error, rendered.manifest, rendered.provenance()), task);
  return origin === "" ? end : { ...end, outcome: { ...end.outcome, message: `${end.outcome.message}; ${origin}` } };
}

/** The task's own limits over the site's. */
function limitsOf(task: TaskSpec, limits: PodOperatorDeps["limits"]): PodLimits {
  const own = task.operator === "pod" ? task : { schedulingTimeoutMs: undefined, startTimeoutMs: undefined };
  return {
    ...limits,
    timeoutMs: task.timeoutMs,
    schedulingTimeoutMs: own.schedulingTimeoutMs ?? limits.schedulingTimeoutMs,
    startTimeoutMs: own.startTimeoutMs ?? limits.startTimeoutMs,
  };
}
