import type { V1Pod } from "@kubernetes/client-node";
import { WindlassError } from "#core/errors.ts";
import type { TryKey } from "#core/ids.ts";
import { isObject, type JsonObject } from "#core/pod/object-fields.ts";
import { protectedProblems } from "#core/pod/protected-fields.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";

/** Changes every pod of an installation. Pure: the same pod and the same try give the same pod, on whichever worker. */
export interface PodMutator {
  /** Whose it is, for messages. */
  plugin: string;
  mutate(pod: V1Pod, context: TryKey): V1Pod;
}

/**
 * The pod as the installation's plugins make it, one after the other, each on a copy of its own. They come after what task and
 * DAG say, and before what is Windlass' own.
 * @throws WL_PLUGIN when a plugin throws, returns no pod, or touches what is Windlass' own
 */
export function mutatePod(pod: JsonObject, context: TryKey, mutators: readonly PodMutator[]): JsonObject {
  return mutators.reduce((before, mutator) => mutateOnce(before, context, mutator), pod);
}

function mutateOnce(before: JsonObject, context: TryKey, { plugin, mutate }: PodMutator): JsonObject {
  const refuse = (why: string, cause?: unknown) =>
    new WindlassError("WL_PLUGIN", `plugin '${plugin}', mutatePod: ${why}`, { cause });
  let after: unknown;
  try {
    after = mutate(structuredClone(before) as unknown as V1Pod, { ...context });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  if (after instanceof Promise) throw refuse("it must not be async: a pod is rendered more than once, and alike each time");
  if (!isObject(after)) throw refuse(`it returned ${after === undefined ? "nothing" : "no pod"}; return the pod, changed or not`);
  const [problem] = protectedProblems(after);
  if (problem !== undefined) throw refuse(`${problem.path.join(".")}: ${problem.message}`);
  const spec = isObject(after.spec) ? after.spec : {};
  const containers = Array.isArray(spec.containers) ? spec.containers.filter(isObject) : [];
  if (containers.filter(({ name }) => name === MAIN_CONTAINER).length !== 1) {
    throw refuse(`the pod must have one container '${MAIN_CONTAINER}': it is the task`);
  }
  return after;
}
