import type { TryKey } from "#core/ids.ts";
import { cancelled, failed } from "#core/outcome.ts";
import { classifyApiError } from "#kube/classify-api-error.ts";
import type { Kube } from "#kube/kube.ts";
import { type Launch, launchPod } from "#kube/launch-pod.ts";
import { KEY_ANNOTATION, keyText, type PodManifest, type PodSettings, renderPod } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";
import type { LogStore } from "#logstore/log-store.ts";
import { finishPod } from "./finish-pod.ts";
import { LogTail } from "./log-tail.ts";
import { PhaseReport } from "./phase-report.ts";
import type { PodLimits } from "./pod-limits.ts";
import { watchPod } from "./pod-watch.ts";
import type { Reflectors } from "./reflectors.ts";
import type { Operator, TryEnd, TryRun } from "./run-job.ts";

export interface PodOperatorDeps {
  kube: Kube;
  reflectors: Reflectors;
  /** Absent: the site keeps logs itself. */
  logs: LogStore | undefined;
  settings: PodSettings;
  limits: Omit<PodLimits, "timeoutMs">;
  /** How long an ended pod stays, in ms. */
  keep: { succeededMs: number; failedMs: number };
  now(): number;
  onError(error: unknown): void;
}

/** The story of a pod try: render, launch or adopt, follow to the end of the main container. What is left to do comes `after`. */
export function podOperator(deps: PodOperatorDeps): Operator {
  return async (tryRun, signal) => {
    const key = keyOf(tryRun);
    let manifest: PodManifest;
    let launch: Launch;
    try {
      manifest = manifestOf(tryRun, key, deps.settings);
      const reflector = deps.reflectors.of(manifest.metadata.namespace);
      launch = await launchPod({ kube: deps.kube, manifest, key, fresh: !tryRun.mayExist, reflector, signal });
    } catch (error) {
      if (signal.aborted) return signal.reason === "cancel" ? cancelPodTry(deps)(tryRun, signal) : { type: "stopped" };
      return notLaunched(error);
    }
    if (launch.how === "vanished") {
      return {
        type: "ended",
        outcome: failed("PodVanished", "infra", `pod ${manifest.metadata.name} went away while it was adopted`),
      };
    }
    return follow(launch.pod, tryRun, deps, signal);
  };
}

/** Ends a cancelled try without starting it: the pod that an earlier claim may have launched is deleted, and its end awaited. */
export function cancelPodTry(deps: PodOperatorDeps): Operator {
  return async tryRun => {
    const done: TryEnd = { type: "ended", outcome: cancelled("cancelled before it ran") };
    if (tryRun.task.operator !== "pod") return done;
    try {
      const key = keyOf(tryRun);
      const { name, namespace } = manifestOf(tryRun, key, deps.settings).metadata;
      const pod = await deps.kube.getPod(namespace, name);
      if (pod?.metadata.annotations?.[KEY_ANNOTATION] !== keyText(key)) return done;
      return await follow(pod!, tryRun, deps, AbortSignal.abort("cancel"));
    } catch (error) {
      return notLaunched(error);
    }
  };
}

async function follow(pod: Pod, tryRun: TryRun, deps: PodOperatorDeps, signal: AbortSignal): Promise<TryEnd> {
  const { kube, logs, now, onError } = deps;
  const report = new PhaseReport(tryRun);
  const tail = new LogTail({ kube, store: logs, tryRun, pod });
  const end = await watchPod({
    kube,
    reflector: deps.reflectors.of(pod.metadata.namespace),
    pod,
    limits: { ...deps.limits, timeoutMs: tryRun.task.timeoutMs },
    signal,
    now,
    onChange: seen => {
      report.see(seen);
      tail.see(seen);
    },
    onError,
  });
  report.close();
  if (end.type === "stopped") {
    await tail.leave();
    return end;
  }
  const { outcome, last, deleted } = end;
  const keepMs = outcome.result === "success" ? deps.keep.succeededMs : deps.keep.failedMs;
  return { type: "ended", outcome, pod: last.pod, after: () => finishPod({ kube, tail, outcome, last, deleted, keepMs }) };
}

const keyOf = ({ dagId, runId, task, try: tryNumber, infra }: TryRun): TryKey => ({
  dagId,
  runId,
  taskId: task.id,
  try: tryNumber,
  infra,
});

function manifestOf({ task }: TryRun, key: TryKey, settings: PodSettings): PodManifest {
  if (task.operator !== "pod") throw new TypeError(`task '${task.id}' is no pod`);
  return renderPod({ pod: task.pod, key, timeoutMs: task.timeoutMs, settings });
}

/** The cluster's no, in the words of a try. Trouble of the cluster postpones: it uses nothing up, however long it lasts. */
function notLaunched(error: unknown): TryEnd {
  const verdict = classifyApiError(error);
  switch (verdict.action) {
    case "fail":
      return { type: "ended", outcome: verdict.outcome };
    case "wait":
      return { type: "postponed", delayMs: verdict.retryAfterMs, message: `${verdict.code}: ${verdict.message}` };
    case "restart":
      if (verdict.outcome.code === "WorkerError") return { type: "ended", outcome: verdict.outcome };
      return { type: "postponed", delayMs: verdict.retryAfterMs, message: `${verdict.outcome.code}: ${verdict.outcome.message}` };
    default:
      return verdict satisfies never;
  }
}
