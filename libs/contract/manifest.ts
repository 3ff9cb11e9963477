import { z } from "zod";

/** A task's pod as the DAG and the run determine it. */
export const ManifestReply = z.object({
  /** Behind every value stands the layer that set it. */
  yaml: z.string(),
});
export type ManifestReply = z.infer<typeof ManifestReply>;
