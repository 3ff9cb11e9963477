import { isDeepStrictEqual } from "node:util";
import { failure } from "#core/failure.ts";
import { podName, type TryKey } from "#core/ids.ts";
import { cancelled, type Outcome, succeeded } from "#core/outcome.ts";
import type { ResourceSpec } from "#core/resource-spec.ts";
import { valueAt } from "#core/value-at.ts";
import { type CustomManifest, type CustomObject, type CustomObjects, type ObjectRef, UnknownKind } from "#kube/custom-objects.ts";
import { KEY_ANNOTATION, keyText, labelsOf } from "#kube/manifest.ts";
import type { MadeResource, ResourceLedger } from "#state/resource-ledger.ts";
import { notLaunched, type Patience } from "../not-launched.ts";
import type { Operator, TryEnd, TryRun } from "../run-job.ts";
import { leftMs, lookAgain, outOfTime, stoppedBy } from "./time-limit.ts";

export interface ResourceDeps extends Patience {
  objects: CustomObjects;
  ledger: Pick<ResourceLedger, "note" | "find" | "forget">;
  /** Where a resource is made that names no namespace. */
  defaultNamespace: string;
  instance: string;
  /** Time between two looks at a resource. */
  lookEveryMs: number;
}

/**
 * A custom resource under a computed name: applied, looked at until one of its conditions holds, deleted. What was made stands in the
 * ledger, so that whoever goes on with the try knows a resource that vanished from one that was never made.
 */
export function resourceOperator(deps: ResourceDeps): Operator {
  return async (tryRun, signal) => {
    try {
      return await advance(tryRun, deps, signal);
    } catch (error) {
      if (signal.aborted) return signal.reason === "cancel" ? await cancelResource(deps)(tryRun, signal) : stoppedBy(signal);
      return refused(error, tryRun, deps);
    }
  };
}

/** Ends a cancelled try: deletes the resource that it may have made. */
export function cancelResource(deps: ResourceDeps): Operator {
  return async tryRun => {
    try {
      const key = keyOf(tryRun);
      // A cancelled try's texts are not rendered: what was made stands in the ledger under the name that it got.
      const ref = (await deps.ledger.find(key)) ?? refOf(resourceOf(tryRun), key, deps);
      const object = await deps.objects.get(ref);
      if (object !== undefined && isOurs(object, key)) await deps.objects.delete({ ...ref, uid: object.metadata.uid });
      await deps.ledger.forget(key);
      return ended(cancelled("cancelled, its resource is deleted"));
    } catch (error) {
      // Nothing of a kind that the cluster does not know can be left behind.
      if (error instanceof UnknownKind) return ended(cancelled("cancelled before its resource was made"));
      return refused(error, tryRun, deps);
    }
  };
}

async function advance(tryRun: TryRun, deps: ResourceDeps, signal: AbortSignal): Promise<TryEnd> {
  const { objects, ledger } = deps;
  const key = keyOf(tryRun);
  const spec = resourceOf(tryRun);
  const ref = refOf(spec, key, deps);
  const made = await ledger.find(key);
  let object = await objects.get(ref, signal);
  if (object === undefined && made !== undefined) {
    await ledger.forget(key);
    return ended(failure("ResourceVanished", { evidence: `${ref.kind} ${ref.namespace}/${ref.name}` }));
  }
  if (object !== undefined && !isOurs(object, key)) return ended(failure("ResourceNameTaken", { values: { name: ref.name } }));
  object ??= await objects.apply(manifestOf(spec, ref, key, deps), signal);
  if (made === undefined) await ledger.note(madeOf(ref, key, object, spec));
  tryRun.phase({ phase: "running", pod: podRefOf(ref, object) });

  const outcome = conclude(spec, object);
  const at = deps.now();
  if (outcome !== undefined) return leaving(outcome, spec, ref, object, key, deps);
  if (leftMs(tryRun, at) <= 0) return leaving(outOfTime("Timeout", tryRun), spec, ref, object, key, deps);
  return lookAgain(tryRun, at, deps.lookEveryMs, { code: "ResourceRunning", message: stateText(spec, object) });
}

/** What the resource says of its end; undefined: it goes on. */
function conclude({ success, failure: failed }: ResourceSpec, object: CustomObject): Outcome | undefined {
  const holds = ({ path, in: values }: ResourceSpec["success"]) =>
    values.some(value => isDeepStrictEqual(value, valueAt(object, path)));
  if (holds(failed)) {
    return failure("ResourceFailed", { values: { path: failed.path, value: textOf(valueAt(object, failed.path)) } });
  }
  return holds(success) ? succeeded("Completed", stateText({ success }, object)) : undefined;
}

const textOf = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "absent")).slice(0, 200);
const stateText = ({ success: { path } }: Pick<ResourceSpec, "success">, object: CustomObject): string =>
  `${path} is ${textOf(valueAt(object, path))}`;

/** The outcome is recorded first: a worker that dies in between leaves the resource to the sweeper. */
function leaving(
  outcome: Outcome,
  { onFinish = "delete" }: ResourceSpec,
  ref: ObjectRef,
  object: CustomObject,
  key: TryKey,
  { objects, ledger }: ResourceDeps,
): TryEnd {
  return {
    ...ended(outcome),
    pod: podRefOf(ref, object),
    async after() {
      // Whose time is up is still running: keeping it would let it work on.
      if (onFinish === "delete" || outcome.code === "Timeout") await objects.delete({ ...ref, uid: object.metadata.uid });
      await ledger.forget(key);
    },
  };
}

function refused(error: unknown, { begunAt, task }: TryRun, patience: Patience): TryEnd {
  if (!(error instanceof UnknownKind) || task.operator !== "resource") return notLaunched(error, begunAt, patience);
  const { apiVersion, kind } = task.resource.manifest;
  return ended(failure("ResourceKindUnknown", { values: { apiVersion, kind } }));
}

const isOurs = (object: CustomObject, key: TryKey): boolean => object.metadata.annotations?.[KEY_ANNOTATION] === keyText(key);

const keyOf = ({ dagId, runId, task, try: tryNumber, infra }: TryRun): TryKey => ({
  dagId,
  runId,
  taskId: task.id,
  try: tryNumber,
  infra,
});

function resourceOf({ task }: TryRun): ResourceSpec {
  if (task.operator !== "resource") throw new TypeError(`task '${task.id}' is no resource`);
  return task.resource;
}

function refOf({ manifest }: ResourceSpec, key: TryKey, { defaultNamespace }: ResourceDeps): ObjectRef {
  const { name, namespace = defaultNamespace } = (manifest.metadata ?? {}) as { name?: string; namespace?: string };
  return { apiVersion: manifest.apiVersion, kind: manifest.kind, namespace, name: podName(key, name) };
}

function manifestOf({ manifest }: ResourceSpec, ref: ObjectRef, key: TryKey, { instance }: ResourceDeps): CustomManifest {
  const { labels, annotations, ...metadata } = (manifest.metadata ?? {}) as Partial<CustomManifest["metadata"]>;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      name: ref.name,
      namespace: ref.namespace,
      labels: { ...labels, ...labelsOf(key, instance) },
      annotations: { ...annotations, [KEY_ANNOTATION]: keyText(key) },
    },
  };
}

const madeOf = (
  ref: ObjectRef,
  { dagId: _, ...owner }: TryKey,
  object: CustomObject,
  { onFinish }: ResourceSpec,
): MadeResource => ({
  ...owner,
  ...ref,
  uid: object.metadata.uid,
  ...(onFinish === "keep" ? { keep: true } : {}),
});

const podRefOf = ({ namespace, name }: ObjectRef, { metadata: { uid } }: CustomObject) => ({ namespace, name, uid });

const ended = (outcome: Outcome) => ({ type: "ended" as const, outcome });
