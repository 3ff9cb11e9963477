import { z } from "zod";
import { REASON_CODES } from "#core/reason.ts";

/** Every condition that is not met yet, or what became of the task. Never empty. */
export const WhyReply = z.object({
  reasons: z.array(
    z.object({
      code: z.enum(REASON_CODES),
      /** The condition in words, with the values in it. */
      sentence: z.string(),
      /** What the sentence is made of; instants and durations in ms. */
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type WhyReply = z.infer<typeof WhyReply>;
