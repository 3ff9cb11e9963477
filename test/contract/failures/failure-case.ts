import type { TaskRun } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import type { Pod } from "#kube/pod.ts";
import type { ClusterHands } from "../../support/cluster-hands.ts";
import type { Fleet } from "../../support/fleet.ts";

/** The part of a task's spec that a case sets; `pod` over a busybox that does nothing. */
export interface CaseTask {
  pod?: Record<string, unknown>;
  retry?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What a case may do besides starting its run. */
export interface CaseTools {
  fleet: Fleet;
  hands: ClusterHands;
  run: string;
  /** A namespace of the case's own, made before its run was started. */
  namespace: string;
  /** Waits for the first pod to have a running main container. */
  runningPod(): Promise<Pod>;
  /** Waits for the pod of the first restart to have been there, and gives its name. */
  successor(): Promise<string>;
  /** Waits for the worker to say that it waits, or sees trouble, for this reason; returns its sentence. */
  noted(code: string): Promise<string>;
}

export interface FailureCase {
  /** It needs a worker that may create pods outside of its own namespace. */
  isElsewhere?: true;
  /** The code is the case's name on every cluster. */
  what: string;
  task: CaseTask;
  /** Needs a namespace of its own, with these objects in it. */
  objects?: (namespace: string) => readonly Parameters<ClusterHands["create"]>[0][];
  /** Labels of that namespace. */
  labels?: Record<string, string>;
  /** While the run goes on. */
  meanwhile?(tools: CaseTools): Promise<unknown>;
  expect: {
    state: TaskRun["state"];
    code: string;
    blame: string;
    /** How the first pod ended, when another one followed. */
    first?: string;
    /** Of the last try. Default: 1 and 0. */
    try?: number;
    infra?: number;
    evidence?: RegExp;
    message?: RegExp;
  };
}

export const taskOfCase = ({ pod, ...rest }: CaseTask): TaskSpecInput =>
  ({
    id: "task",
    operator: "pod",
    pod: { image: "busybox:1.36", command: ["true"], terminationGracePeriodSeconds: 2, ...pod },
    ...rest,
  }) as TaskSpecInput;

/** A busybox that runs the script. */
export const sh = (script: string) => ({ command: ["sh", "-c", script] });

/** Its first pod sleeps until it is interrupted, its second one is done at once. */
export const interrupted = (onTerm = "") => ({
  ...sh(`${onTerm} case "$POD" in *-task-1-1-*) exit 0;; esac; sleep 600 & wait $!`),
  env: { POD: { fieldRef: { fieldPath: "metadata.name" } } },
});
