import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The program that starts, stops and pauses the parts of the test cluster. */
const CONTROL = process.env.CLUSTER_CONTROL ?? "../shared/cluster/cluster";

/** Does something to a part of the real cluster that no client of its API could do. Resolves when it is done. */
export async function control(...args: readonly string[]): Promise<void> {
  await run(CONTROL, args, { timeout: 120_000 });
}
