import { appendFileSync } from "node:fs";
import { join } from "node:path";
import Mocha, { type MochaOptions, type Runner } from "mocha";

/** The dot reporter, which also leaves its counts in the folder MOCHA_REPORT, one JSON line a run, for CI's last line. */
export default class Report extends Mocha.reporters.Dot {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const folder = process.env.MOCHA_REPORT;
    if (folder === undefined) return;
    runner.once("end", () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      appendFileSync(
        join(folder, `${process.pid}.json`),
        `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`,
      );
    });
  }
}
