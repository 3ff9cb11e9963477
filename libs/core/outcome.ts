/** The pod a try used. */
export interface PodRef {
  namespace: string;
  name: string;
  uid: string;
  node?: string;
}

/**
 * Whose matter a failure is. It decides what happens next:
 * `user` uses up a try · `infra` repeats the same try under its own budget · `config` fails now, repeating cannot help ·
 * `policy` somebody's decision: as `infra`, unless the task's rules say otherwise · `none` is no failure.
 */
export type Blame = "none" | "user" | "infra" | "config" | "policy";

/** How a try ended. `code` is stable ("Completed", "ExitCode", "OOMKilled", "StartError", "ImagePullBackOff", …). */
export interface Outcome {
  result: "success" | "failed" | "skipped" | "cancelled";
  code: string;
  blame: Blame;
  /** What happened, in one sentence for people. */
  message: string;
  exitCode?: number;
  /** The container that the failure is about; where the pod is, the try's record says. */
  container?: string;
  /** What Kubernetes said, verbatim; at most 1,000 characters, never what a container wrote. */
  evidence?: string;
}

export const succeeded = (code = "Completed", message = ""): Outcome => ({
  result: "success",
  code,
  blame: "none",
  message,
  exitCode: 0,
});
export const cancelled = (message: string): Outcome => ({ result: "cancelled", code: "Cancelled", blame: "none", message });
export const skipped = (message: string, exitCode?: number): Outcome => ({
  result: "skipped",
  code: "Skipped",
  blame: "none",
  message,
  ...(exitCode === undefined ? {} : { exitCode }),
});
export const failed = (code: string, blame: Blame, message: string, exitCode?: number): Outcome => ({
  result: "failed",
  code,
  blame,
  message,
  ...(exitCode === undefined ? {} : { exitCode }),
});
