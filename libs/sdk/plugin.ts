import type { V1Pod } from "@kubernetes/client-node";
import type { TryKey } from "#core/ids.ts";
import type { Outcome, PodRef } from "#core/outcome.ts";
import type { PodTimeline } from "#core/pod-timeline.ts";
import type { JsonValue } from "#core/result.ts";

/** A pod of a try, when something happened to it. */
export interface PodHookEvent extends TryKey {
  pod: PodRef;
  /** When the worker saw it, in ms. */
  at: number;
  /** Aborts when the hook has used up its two seconds. */
  signal: AbortSignal;
}

export interface PodEndedEvent extends PodHookEvent {
  outcome: Outcome;
  /** What the task wrote as its result. */
  output?: JsonValue;
  timeline: PodTimeline;
}

export interface LogLineEvent extends TryKey {
  container: string;
  /** RFC 3339, as the node stamped it. */
  ts: string;
  text: string;
  signal: AbortSignal;
}

/**
 * An extension of the workers: the default export of a file or package that WINDLASS_PLUGINS names.
 *
 *     import type { Plugin } from "windlass";
 *     export default { name: "pager", onPodEnded: ({ outcome, taskId }) => … } satisfies Plugin;
 *
 * Hooks run beside the tasks: each call has two seconds, what it throws is logged, and no task ever waits for it or fails by it.
 * They may be missed when a worker dies, and come twice when another one adopts the pod.
 */
export interface Plugin {
  /** For messages. */
  name: string;
  /**
   * Changes every pod before it is created, after DAG and task have had their say. Pure and synchronous: the same pod and try must
   * give the same pod on every worker. Throwing refuses the pod: the task fails, with the error's message.
   */
  mutatePod?(pod: V1Pod, context: TryKey): V1Pod;
  onPodCreated?(event: PodHookEvent): unknown;
  /** The main container runs, or has run. */
  onPodStarted?(event: PodHookEvent): unknown;
  /** The outcome is recorded. */
  onPodEnded?(event: PodEndedEvent): unknown;
  /** A line of a container. When a plugin falls 1,000 lines behind, further ones are left out for it. */
  onLogLine?(event: LogLineEvent): unknown;
}
