import { randomBytes } from "node:crypto";
import { dag } from "#sdk/index.ts";
import type { PodOptions } from "#sdk/task-options.ts";
import type { Fleet } from "./fleet.ts";

/** A script that fails at the first check that does not hold, and says which. */
export const checks = (...tests: string[]): string =>
  ["set -e", ...tests.map(test => `${test} || { echo 'not so: ${test.replaceAll("'", "")}'; exit 1; }`)].join("\n");

/** Options of a task that runs the script in busybox. */
export const shell = (script: string): Pick<PodOptions, "image" | "command" | "args" | "terminationGracePeriodSeconds"> => ({
  image: "busybox:1.36",
  command: ["sh", "-c"],
  args: [script],
  terminationGracePeriodSeconds: 2,
});

/** Runs the one task and returns how its last try ended. */
export async function outcomeOf(fleet: Fleet, options: PodOptions): Promise<string> {
  await Promise.all([fleet.scheduler(), fleet.worker()]);
  const run = await fleet.start(dag(`fields-${randomBytes(3).toString("hex")}`, {}, d => void d.pod("task", options)));
  await fleet.ended(run, 90_000);
  const [last] = (await fleet.state.runs.listTries(run)).toReversed();
  return `${last?.outcome.code} ${last?.outcome.exitCode} ${last?.outcome.message} ${last?.outcome.evidence ?? ""}`.trim();
}
