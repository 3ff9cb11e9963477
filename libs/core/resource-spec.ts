import { z } from "zod";

/** A path into an object and the values that decide: { path: "status.applicationState.state", in: ["COMPLETED"] }. */
const Condition = z.strictObject({ path: z.string().min(1), in: z.array(z.unknown()).min(1) });

/** A custom resource that the worker applies, watches and deletes. Texts may hold `{{ … }}`. */
export const ResourceSpec = z.strictObject({
  manifest: z.looseObject({
    apiVersion: z.string().min(1),
    kind: z.string().min(1),
    metadata: z.looseObject({ namespace: z.string().optional() }).optional(),
  }),
  success: Condition,
  failure: Condition,
  /** What becomes of it after the end. Absent: "delete". */
  onFinish: z.enum(["delete", "keep"]).optional(),
});
export type ResourceSpec = z.infer<typeof ResourceSpec>;
