import { refuse } from "./api-error.ts";
import { strategicMerge } from "./strategic-merge.ts";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

interface Operation {
  op: "add" | "remove" | "replace" | "test" | "move" | "copy";
  path: string;
  from?: string;
  value?: unknown;
}

const rejected = () => refuse.invalidPatch();
const stepsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map(step => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** RFC 6902. A failed test and a path that does not exist are the same 422. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw refuse.badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  const root = { "": structuredClone(target) } as Json;
  for (const operation of operations as Operation[]) apply(root, operation);
  return root[""];
}

function apply(root: Json, { op, path, from, value }: Operation): void {
  const place = locate(root, path);
  const source = op === "copy" || op === "move" ? locate(root, from ?? "") : undefined;
  const moved = structuredClone(source?.read());
  const carryOut: Record<string, () => void> = {
    add: () => place.add(value),
    remove: () => place.remove(),
    replace: () => place.replace(value),
    copy: () => place.add(moved),
    move: () => {
      source?.remove();
      locate(root, path).add(moved);
    },
    test: () => {
      if (JSON.stringify(place.read()) !== JSON.stringify(value)) throw rejected();
    },
  };
  const step = carryOut[op];
  if (step === undefined) throw rejected();
  step();
}

function locate(root: Json, pointer: string) {
  const steps = ["", ...stepsOf(pointer)];
  const last = steps.pop()!;
  let parent: unknown = root;
  for (const step of steps) parent = (parent as Json | undefined)?.[step];
  if (typeof parent !== "object" || parent === null) throw rejected();
  const holder = parent as Json | unknown[];
  const index = (limit: number): number => {
    const at = last === "-" ? limit : Number(last);
    if (!Number.isInteger(at) || at < 0 || at > limit) throw rejected();
    return at;
  };
  const existing = (): string | number => {
    const key = Array.isArray(holder) ? index(holder.length - 1) : last;
    if (!(key in holder)) throw rejected();
    return key;
  };
  return {
    read: (): unknown => (holder as Json)[existing()],
    add(value: unknown): void {
      if (Array.isArray(holder)) holder.splice(index(holder.length), 0, value);
      else holder[last] = value;
    },
    replace(value: unknown): void {
      (holder as Json)[existing()] = value;
    },
    remove(): void {
      const key = existing();
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    },
  };
}

export const STRATEGIC = "application/strategic-merge-patch+json";
/** Server-side apply. Its JSON is YAML, too; other YAML is not read. */
export const APPLY = "application/apply-patch+yaml";

/** How each content type of a PATCH changes an object. */
export const PATCHES: Record<string, (target: unknown, patch: unknown) => unknown> = {
  "application/merge-patch+json": mergePatch,
  [STRATEGIC]: strategicMerge,
  "application/json-patch+json": jsonPatch,
};
