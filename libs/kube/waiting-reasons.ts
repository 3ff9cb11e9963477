import type { Blame } from "#core/outcome.ts";

export interface WaitingGrace {
  /** How long the reason is tolerated; 0: not at all. */
  graceMs: number;
  blame: Blame;
}

const config = (graceMs: number): WaitingGrace => ({ graceMs, blame: "config" });

/**
 * Reasons in `state.waiting` that a container does not leave by itself, or only if somebody helps: a secret that an
 * operator still has to sync, a registry that comes back. Every other reason is the ordinary way up.
 */
const WAITING_REASONS: Readonly<Record<string, WaitingGrace>> = {
  InvalidImageName: config(0),
  ErrImageNeverPull: config(0),
  ErrImagePull: config(300_000),
  ImagePullBackOff: config(300_000),
  RegistryUnavailable: config(300_000),
  ImageInspectError: config(120_000),
  SignatureValidationFailed: config(120_000),
  CreateContainerConfigError: config(60_000),
  CreateContainerError: config(120_000),
  RunContainerError: config(60_000),
  PostStartHookError: { graceMs: 0, blame: "user" },
  CrashLoopBackOff: { graceMs: 0, blame: "user" },
};

/** The same reasons, but the message tells of a bad moment: the node or the registry is to blame. */
const BAD_MOMENT =
  /pull QPS exceeded|context deadline exceeded|toomanyrequests|TLS handshake timeout|i\/o timeout|failed to create subPath directory/i;
const BAD_MOMENT_GRACE_MS = 300_000;

/** What a waiting reason is worth; undefined when it needs no attention. */
export function graceFor(reason: string, message: string): WaitingGrace | undefined {
  const grace = WAITING_REASONS[reason];
  if (grace === undefined || !BAD_MOMENT.test(message)) return grace;
  return { graceMs: Math.max(grace.graceMs, BAD_MOMENT_GRACE_MS), blame: "infra" };
}
