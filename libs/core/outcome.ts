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
 * `none` is no failure.
 */
export type Blame = "none" | "user" | "infra" | "config";

/** How a try ended. `code` is stable ("Completed", "ExitCode", "OOMKilled", "StartError", "ImagePullBackOff", …). */
export interface Outcome {
  result: "success" | "failed" | "cancelled";
  code: string;
  blame: Blame;
  /** One sentence for people; quotes Kubernetes verbatim where it spoke. */
  message: string;
  exitCode?: number;
}

export const succeeded = (code = "Completed", message = ""): Outcome => ({
  result: "success",
  code,
  blame: "none",
  message,
  exitCode: 0,
});
export const cancelled = (message: string): Outcome => ({ result: "cancelled", code: "Cancelled", blame: "none", message });
export const failed = (code: string, blame: Blame, message: string, exitCode?: number): Outcome => ({
  result: "failed",
  code,
  blame,
  message,
  ...(exitCode === undefined ? {} : { exitCode }),
});
