import { z } from "zod";
import { MapSpec } from "#core/task-spec.ts";
import { written } from "./written.ts";

export const MapOptions = z.strictObject({
  /** At most so many instances at once. Default: all. */
  maxActive: MapSpec.shape.maxActive,
  /** So many instances may fail, or this share of them below 1, and the task still counts as a success. Default: 0. */
  maxFailures: MapSpec.shape.maxFailures,
});
/** How the instances of a mapped task run. */
export interface MapOptions extends z.input<typeof MapOptions> {}

/** JSON Schema of the items of a list that is known: which fields they have, so that others are refused when the file is loaded. */
export function itemSchemaOf(items: readonly unknown[]): object {
  const data: unknown[] = written([...items]);
  const isObjects = data.length > 0 && data.every(item => typeof item === "object" && item !== null && !Array.isArray(item));
  if (!isObjects) return {};
  return {
    type: "object",
    properties: Object.fromEntries(data.flatMap(item => Object.keys(item as object)).map(key => [key, {}])),
  };
}
