import { z } from "zod";
import { Id } from "#core/id.ts";
import type { JsonValue } from "#core/result.ts";
import { Instant } from "./instant.ts";
import { isShallow } from "./is-shallow.ts";
import { PageLinks } from "./list.ts";

export const VariableParams = z.strictObject({ name: Id });

const MAX_VALUE_BYTES = 16_384;
const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

export const PutVariableBody = z.strictObject({
  /** Any JSON of at most 16 KiB. */
  value: z
    .custom<JsonValue>(value => value !== undefined, "is missing")
    .refine(isShallow, { error: "is nested deeper than 64", abort: true })
    .refine(value => sizeOf(value) <= MAX_VALUE_BYTES, `is longer than ${MAX_VALUE_BYTES} bytes`),
});

export const VariableReply = z.object({
  name: z.string(),
  value: z.unknown(),
  /** Counts its changes. */
  version: z.int(),
  at: Instant,
  by: z.string(),
  links: z.object({ self: z.string() }),
});
export type VariableReply = z.infer<typeof VariableReply>;

export const VariableListReply = z.object({ variables: z.array(VariableReply), links: PageLinks });

export const VariableDetailReply = VariableReply.extend({
  /** The last 20 changes, youngest first. One without a value removed it. */
  versions: z.array(z.object({ version: z.int(), at: Instant, by: z.string(), value: z.unknown().optional() })),
});
