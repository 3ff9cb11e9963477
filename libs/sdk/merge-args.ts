import type { CheckedDefaultArgs } from "./task-options.ts";

const MAPS = ["env", "labels", "annotations", "nodeSelector"] as const;

/** The task's own arguments over the DAG's defaults: maps by key, everything else as a whole. `undefined` says nothing. */
export function mergeArgs<A extends CheckedDefaultArgs>(defaults: CheckedDefaultArgs, own: A): A {
  const merged: A = { ...defaults, ...dropUndefined(own) };
  for (const map of MAPS) if (defaults[map] && own[map]) Object.assign(merged, { [map]: { ...defaults[map], ...own[map] } });
  if (defaults.resources && own.resources) {
    const { requests, limits } = defaults.resources;
    merged.resources = { requests: { ...requests, ...own.resources.requests }, limits: { ...limits, ...own.resources.limits } };
  }
  return merged;
}

export const dropUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
