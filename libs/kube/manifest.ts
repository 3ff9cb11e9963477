import type { V1EnvVar, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { ADHOC_DAG } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { labelValue, podName, type TryKey } from "#core/ids.ts";
import { grownResources } from "#core/memory-growth.ts";
import { backstopSeconds } from "#core/pod/backstop.ts";
import { refuseProtected, refuseWithoutMain } from "#core/pod/check-layers.ts";
import type { JsonObject } from "#core/pod/object-fields.ts";
import { layersOfTask, layPod, type PodLayer } from "#core/pod/pod-layers.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { MANAGED_BY, OWN_DOMAIN, TERMINATION_MESSAGE_PATH } from "#core/pod/protected-fields.ts";
import { Provenance } from "#core/pod/provenance.ts";
import { strategicDiff } from "#core/pod/strategic-diff.ts";
import { strategicMerge } from "#core/pod/strategic-merge.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import type { MemoryGrowth } from "#core/task-spec.ts";
import { mutatePod, type PodMutator } from "./mutate-pod.ts";

export const INSTANCE_LABEL = `${OWN_DOMAIN}instance`;
/** JSON of the {@link TryKey}: the proof that a pod is this try's. */
export const KEY_ANNOTATION = `${OWN_DOMAIN}key`;
export const SPEC_HASH_ANNOTATION = `${OWN_DOMAIN}spec-hash`;

/** A pod as it is sent to the API server. */
export interface PodManifest extends V1Pod {
  metadata: { name: string; namespace: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: V1PodSpec;
}

export interface PodSettings {
  /** Where pods run whose task names no namespace. */
  defaultNamespace: string;
  /** The installation's id: workers watch the pods that carry it. */
  instance: string;
  /** Added to every pod; a task's own labels win. */
  labels?: Readonly<Record<string, string>>;
  /** The installation's pod template: under everything a DAG says, over the defaults. */
  template?: PodPatch;
  /** The workers' plugins, in their order: after every layer of a DAG, before what is Windlass' own. */
  mutators?: readonly PodMutator[];
}

export interface PodRequest {
  pod: PodSpec;
  /** The DAG's part of every pod. */
  podDefaults?: PodPatch | undefined;
  key: TryKey;
  /** The try's execution limit; the worker enforces it, the pod gets a later one as a backstop. */
  timeoutMs?: number | undefined;
  /** The task's own; the backstop lies behind it. */
  startTimeoutMs?: number | undefined;
  /** How much more memory each further try gets. */
  memoryGrowth?: MemoryGrowth | undefined;
  /** More of Windlass' own variables for the task's container. */
  variables?: Readonly<Record<string, string>> | undefined;
  /** Windlass' own annotations beside those that name the try. */
  notes?: Readonly<Record<string, string>>;
  settings: PodSettings;
}

export interface RenderedPod {
  manifest: PodManifest;
  /** Which layer set what; worked out when it is asked for. */
  provenance(): Provenance;
}

/** The pod of a try, see {@link renderTry}. */
export const renderPod = (request: PodRequest): PodManifest => renderTry(request).manifest;

/**
 * The pod of a try: defaults < installation < DAG < task < override < what is Windlass' own. Pure: the same request gives the same
 * manifest, name included, wherever it is rendered.
 * @throws WL_POD_PROTECTED when a layer sets what is Windlass' own, naming field and layer
 */
export function renderTry(request: PodRequest): RenderedPod {
  const { pod, podDefaults, key, timeoutMs, settings } = request;
  const layers = [...installationLayers(settings), ...layersOfTask(pod, podDefaults)];
  const mostSeconds = timeoutMs === undefined ? undefined : backstopSeconds(timeoutMs, request.startTimeoutMs);
  refuseProtected(layers, mostSeconds, key.dagId === ADHOC_DAG);
  const { pod: layered, origins } = layPod(layers);
  const laid = strategicMerge(layered, pluginsPart(layered, request), { layer: "plugin", origins }) as typeof layered;
  refuseWithoutMain(laid);
  const ours = { layer: "windlass", origins };
  const body = strategicMerge(laid, ownPart(laid, request), ours) as Pick<PodManifest, "metadata" | "spec">;
  const { labels, annotations = {} } = body.metadata;
  const head = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName(key, pod.name),
      namespace: pod.namespace ?? settings.defaultNamespace,
      annotations: {
        [KEY_ANNOTATION]: keyText(key),
        [SPEC_HASH_ANNOTATION]: contentHash({ labels, annotations, spec: body.spec }),
      },
    },
  };
  const whole = strategicMerge(body, head, ours) as PodManifest;
  const { name, namespace } = whole.metadata;
  const manifest: PodManifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels, annotations: whole.metadata.annotations },
    spec: whole.spec,
  };
  return { manifest, provenance: () => Provenance.of(manifest, origins) };
}

/** The key as it stands in the pod's annotation: equal keys, equal text. */
export const keyText = ({ dagId, runId, taskId, try: tryNumber, infra }: TryKey): string =>
  JSON.stringify({ dagId, runId, taskId, try: tryNumber, infra });

function installationLayers({ labels, template }: PodSettings): PodLayer[] {
  const patches = [labels && { metadata: { labels } }, template].filter(patch => patch !== undefined);
  return patches.map(patch => ({ name: "installation", patch }));
}

/** What the plugins make of the pod, as one more layer. */
const pluginsPart = (layered: JsonObject, { key, settings: { mutators = [] } }: PodRequest): JsonObject =>
  mutators.length === 0 ? {} : strategicDiff(layered, mutatePod(layered, key, mutators));

/** What no layer can change. */
function ownPart(laid: Record<string, unknown>, request: PodRequest): object {
  const { key, timeoutMs, startTimeoutMs, memoryGrowth, variables = {}, notes, settings } = request;
  const env = [...variablesOf(key), ...Object.entries(variables).map(([name, value]) => ({ name, value }))];
  const { activeDeadlineSeconds, containers } = laid.spec as V1PodSpec;
  const backstop = timeoutMs === undefined ? Number.POSITIVE_INFINITY : backstopSeconds(timeoutMs, startTimeoutMs);
  const needsBackstop = activeDeadlineSeconds === undefined && Number.isFinite(backstop);
  const { resources = {} } = containers.find(({ name }) => name === MAIN_CONTAINER) ?? {};
  const grown = grownResources(resources, memoryGrowth, key.try);
  return {
    metadata: { labels: labelsOf(key, settings.instance), ...(notes && { annotations: notes }) },
    spec: {
      restartPolicy: "Never",
      ...(needsBackstop ? { activeDeadlineSeconds: backstop } : {}),
      containers: [{ name: MAIN_CONTAINER, env, ...(grown === resources ? {} : { resources: grown }) }],
    },
  };
}

/** What tells an object's installation, run, task and try. */
export const labelsOf = (key: TryKey, instance: string): Record<string, string> => ({
  [MANAGED_BY]: "windlass",
  [INSTANCE_LABEL]: labelValue(instance),
  [`${OWN_DOMAIN}dag`]: labelValue(key.dagId),
  [`${OWN_DOMAIN}run`]: labelValue(key.runId),
  [`${OWN_DOMAIN}task`]: labelValue(key.taskId),
  [`${OWN_DOMAIN}try`]: String(key.try),
  [`${OWN_DOMAIN}infra`]: String(key.infra),
});

/** What a task can know of itself; POD_UID lets it fence off a twin of the same try. */
const variablesOf = (key: TryKey): V1EnvVar[] => [
  { name: "WINDLASS_DAG_ID", value: key.dagId },
  { name: "WINDLASS_RUN_ID", value: key.runId },
  { name: "WINDLASS_TASK_ID", value: key.taskId },
  { name: "WINDLASS_TRY", value: String(key.try) },
  { name: "WINDLASS_RESULT_PATH", value: TERMINATION_MESSAGE_PATH },
  { name: "WINDLASS_POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
];
