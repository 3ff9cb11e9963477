/** What a check found. */
export interface Finding {
  /** What was looked at: "redis", "rights". */
  check: CheckName;
  /** "wrong" ends the doctor with exit code 1; "note" is worth a look; "skipped" could not be looked at. */
  state: "ok" | "note" | "wrong" | "skipped";
  sentence: string;
  /** What to do about it. */
  fix?: string;
}

export const CHECK_NAMES = ["node", "redis", "cluster", "rights", "clock", "ports", "server"] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** A clock that is further off makes retries, schedules and locks begin at other times than they say. */
const SKEW_MS = 2_000;

/** How far this machine's clock is from another one's. */
export function skewFinding(of: string, theirAt: number, ourAt: number): Finding {
  const off = Math.abs(theirAt - ourAt);
  const isRight = off <= SKEW_MS;
  const sentence = isRight ? `agrees with ${of}` : `differs from ${of} by ${(off / 1_000).toFixed(1)} s`;
  return {
    check: "clock",
    state: isRight ? "ok" : "wrong",
    sentence,
    ...(isRight ? {} : { fix: "Let both machines follow NTP." }),
  };
}
