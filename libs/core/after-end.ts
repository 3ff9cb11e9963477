import { z } from "zod";

/** What becomes of a pod when its try has ended. What is absent is the site's matter. */
export const AfterEnd = z.strictObject({
  /** Which pods are deleted as soon as their logs are stored: all that ended, those that succeeded, or none. */
  onFinish: z.enum(["delete", "deleteSucceeded", "keep"]).optional(),
  /** How long the others stay; absent: until somebody deletes them. */
  keepForMs: z.number().int().min(0).optional(),
  /** A cancel deletes the pod, or leaves it to end by itself. Timeouts always stop the pod. */
  onKill: z.enum(["delete", "keep"]).optional(),
});
export type AfterEnd = z.infer<typeof AfterEnd>;

/** How long pods stay of tasks that say nothing, in ms. */
export interface SiteKeep {
  succeededMs: number;
  failedMs: number;
}

/** How long a pod stays after its end, in ms; Infinity: until somebody deletes it. */
export function keepMs({ onFinish, keepForMs }: AfterEnd, isSuccess: boolean, site: SiteKeep): number {
  const longest = keepForMs ?? Number.POSITIVE_INFINITY;
  switch (onFinish) {
    case "delete":
      return 0;
    case "deleteSucceeded":
      return isSuccess ? 0 : longest;
    case "keep":
      return longest;
    case undefined:
      return keepForMs ?? (isSuccess ? site.succeededMs : site.failedMs);
    default:
      return onFinish satisfies never;
  }
}
