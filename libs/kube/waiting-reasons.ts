import { failure } from "#core/failure.ts";
import { type FailureCode, failureRow } from "#core/failure-codes.ts";
import type { Outcome } from "#core/outcome.ts";

export interface WaitingTrouble {
  /** How long the reason is tolerated; 0: not at all. */
  graceMs: number;
  /** What the try ends with then. */
  outcome: Outcome;
}

/**
 * Reasons in `state.waiting` that a container does not leave by itself, or only if somebody helps: a secret that an
 * operator still has to sync, a registry that comes back. Every other reason is the ordinary way up.
 */
const WAITING_REASONS: Readonly<Record<string, FailureCode>> = {
  InvalidImageName: "InvalidImageName",
  ErrImageNeverPull: "ErrImageNeverPull",
  ErrImagePull: "ErrImagePull",
  // The kubelet alternates between the two; a code must not depend on the moment.
  ImagePullBackOff: "ErrImagePull",
  RegistryUnavailable: "RegistryUnavailable",
  ImageInspectError: "ImageInspectError",
  SignatureValidationFailed: "SignatureValidationFailed",
  CreateContainerConfigError: "CreateContainerConfigError",
  CreateContainerError: "CreateContainerError",
  RunContainerError: "RunContainerError",
  PostStartHookError: "PostStartHookError",
  CrashLoopBackOff: "CrashLoopBackOff",
};

/** The same reasons, but the message tells of a bad moment: the node or the registry is to blame. */
const BAD_MOMENT =
  /pull QPS exceeded|context deadline exceeded|toomanyrequests|TLS handshake timeout|i\/o timeout|failed to create subPath directory/i;

/** Messages with what a container or a hook wrote: never quoted. */
const SECRETIVE: ReadonlySet<string> = new Set(["PostStartHookError"]);

/** What a waiting reason is worth; undefined when it needs no attention. */
export function waitingTrouble(container: string, reason: string, message: string): WaitingTrouble | undefined {
  const usual = WAITING_REASONS[reason];
  if (usual === undefined) return undefined;
  const graceOf = (code: FailureCode) => failureRow(code)?.graceMs ?? 0;
  const isBadMoment = BAD_MOMENT.test(message);
  const code = isBadMoment ? "TransientStartError" : usual;
  const evidence = SECRETIVE.has(reason) ? undefined : message;
  return {
    graceMs: Math.max(graceOf(code), graceOf(usual)),
    outcome: failure(code, { container, evidence, values: { reason } }),
  };
}
