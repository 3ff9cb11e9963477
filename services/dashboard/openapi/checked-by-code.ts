import type { z } from "zod";
import { PatchRunBody } from "#contract/act.ts";
import { DurationMs } from "#core/duration.ts";
import { DagRule } from "#core/rights.ts";

/** What the rest of a schema's checks come to, where a function makes them and JSON Schema can say it as well. */
export const CHECKED_BY_CODE: ReadonlyMap<z.core.$ZodType, object> = new Map<z.core.$ZodType, object>([
  [
    DurationMs,
    {
      description: 'Milliseconds, or "10s", "5m", "1h30m".',
      anyOf: [
        { type: "integer", minimum: 0, maximum: 36_525 * 86_400_000 },
        { type: "string", pattern: "^(?:[0-9]+(?:\\.[0-9]+)?(?:ms|s|m|h|d))+$" },
      ],
    },
  ],
  [DagRule, { minProperties: 1 }],
  [PatchRunBody, { anyOf: [{ required: ["state"] }, { required: ["note"] }], dependentRequired: { taskId: ["note"] } }],
]);
