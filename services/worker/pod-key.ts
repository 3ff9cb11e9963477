import { z } from "zod";

const PodKey = z.object({
  dagId: z.string(),
  runId: z.string(),
  taskId: z.string(),
  try: z.number().int(),
  infra: z.number().int(),
});

/** Which try a pod belongs to. */
export type PodKey = z.infer<typeof PodKey>;

/** Reads the annotation that says whose a pod is; undefined when it does not say. */
export function readPodKey(annotation: string | undefined): PodKey | undefined {
  if (annotation === undefined) return undefined;
  try {
    return PodKey.parse(JSON.parse(annotation));
  } catch {
    return undefined; // somebody else's annotation: not our pod
  }
}
