import { isObject } from "#core/pod/object-fields.ts";
import type { PodLayerName } from "#core/pod/pod-layers.ts";
import type { RenderedPod } from "../manifest.ts";

/** One value that differs between two pods. */
export interface Difference {
  /** With names instead of positions: `spec.containers[main].image`. */
  path: string;
  /** Absent: it was not there. */
  before?: unknown;
  /** Absent: it is gone. */
  after?: unknown;
  /** The layer that sets it now, or set it before when it is gone. */
  layer: PodLayerName;
}

/** What differs, in the pods' order. Names of things tell items of lists apart, so that a new variable does not move all others. */
export function differences(before: RenderedPod, after: RenderedPod): Difference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const changed = [...now].flatMap(([path, { value, layer }]): Difference[] => {
    const was = old.get(path);
    if (was === undefined) return [{ path, after: value, layer }];
    return JSON.stringify(was.value) === JSON.stringify(value) ? [] : [{ path, before: was.value, after: value, layer }];
  });
  const gone = [...old].filter(([path]) => !now.has(path)).map(([path, { value, layer }]) => ({ path, before: value, layer }));
  return [...changed, ...gone];
}

/** Says nothing by itself: it differs whenever anything else does. */
const DERIVED = "metadata.annotations[windlass.dev/spec-hash]";

function leavesOf({ manifest, provenance }: RenderedPod): Map<string, { value: unknown; layer: PodLayerName }> {
  const leaves = [...provenance().leaves.values()].filter(({ name }) => name !== DERIVED);
  return new Map(leaves.map(({ path, name, layer }) => [name, { value: valueAt(manifest, path), layer }]));
}

function valueAt(pod: unknown, path: string): unknown {
  const steps = path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((at, step) => {
    const key = step.replace(/^\[|\]$/g, "");
    return isObject(at) || Array.isArray(at) ? (at as Record<string, unknown>)[key] : undefined;
  }, pod);
}
