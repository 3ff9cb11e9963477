import { WindlassError } from "#core/errors.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { FUNCTION_IMAGE, type TaskSpec } from "#core/task-spec.ts";

export interface FunctionSettings {
  /** Windlass' own image; absent: this installation runs no functions. */
  image: string | undefined;
  /** The program in it that calls a function. */
  entry: string;
}

interface FunctionPart {
  pod: PodSpec;
  variables?: Readonly<Record<string, string>>;
}

/**
 * The pod of a task that is a function of its DAG file: image, command and what it is called with. Another task's pod stays as it is.
 * @throws WL_FN_IMAGE where the workers have no image for it
 */
export function withFunction(
  task: Extract<TaskSpec, { operator: "pod" }>,
  bundle: string | undefined,
  { image, entry }: FunctionSettings,
): FunctionPart {
  const { pod, fn } = task;
  if (fn === undefined) return { pod };
  const needsImage = pod.image === FUNCTION_IMAGE;
  if (needsImage && image === undefined) throw new WindlassError("WL_FN_IMAGE", "the workers have no image for functions");
  return {
    pod: { ...pod, image: needsImage ? image! : pod.image, command: ["node", entry] },
    variables: {
      WINDLASS_FN_BUNDLE: bundle ?? "",
      // Of a mapped task every instance is the same function.
      WINDLASS_FN_ID: specIdOf(task.id),
      WINDLASS_FN_INPUT: JSON.stringify(fn.input),
    },
  };
}
