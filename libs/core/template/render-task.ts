import type { PodPatch } from "../pod/pod-patch.ts";
import type { TaskSpec } from "../task-spec.ts";
import { renderPod, renderPodPatch } from "./render-pod.ts";
import { type Place, renderTexts } from "./render-texts.ts";
import type { Scope } from "./scope.ts";
import type { TextPlace } from "./texts.ts";

/** What a try runs. */
export interface TryTexts {
  task: TaskSpec;
  /** The DAG's part of every pod. */
  podDefaults: PodPatch | undefined;
}

/**
 * The task with the values in the place of its `{{ … }}`; what has none stays the object it is.
 * @throws WL_TEMPLATE naming the expression, and what is unknown or does not fit where it stands
 */
export function renderTask({ task, podDefaults }: TryTexts, scope: Scope): TryTexts {
  switch (task.operator) {
    case "pod":
      return {
        task: { ...task, pod: renderPod(task.pod, scope), ...(task.fn && { fn: renderTexts(task.fn, scope, everywhere) }) },
        podDefaults: podDefaults && renderPodPatch(podDefaults, scope),
      };
    case "trigger":
      return { task: { ...task, conf: renderTexts(task.conf, scope, everywhere) }, podDefaults };
    case "wait":
      return { task: { ...task, for: renderTexts(task.for, scope, inBody) }, podDefaults };
    case "approval":
      return { task: { ...task, question: renderTexts(task.question, scope) }, podDefaults };
    case "http":
      return { task: { ...task, request: renderTexts(task.request, scope, inBody) }, podDefaults };
    case "resource":
      return { task: { ...task, resource: renderTexts(task.resource, scope, everywhere) }, podDefaults };
    default:
      return { task, podDefaults };
  }
}

const everywhere = (): Place => "data";

/** What is sent and what is expected are data; addresses and headers are texts. */
const inBody = ([field, below]: TextPlace): Place =>
  (field === "body" && below !== "path") || (field === "request" && below === "body") ? "data" : "text";
