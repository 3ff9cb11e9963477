import { adviceFor } from "#core/failure.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { Run } from "#core/run.ts";
import type { Ports } from "../ports.ts";
import type { Failure } from "./failure-groups.ts";
import type { RunLine } from "./run-lines.ts";

const REMEMBERED = 2_000;

/** What went wrong in failed runs. Each is read once: an ended run is what it is, until somebody clears it and it ends again. */
export class RunFailures {
  readonly #runs: Pick<Ports["runs"], "getRun">;
  readonly #known = new Map<string, readonly Failure[]>();

  constructor(runs: Pick<Ports["runs"], "getRun">) {
    this.#runs = runs;
  }

  async of({ id, endedAt }: RunLine): Promise<readonly Failure[]> {
    const key = `${id} ${endedAt}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const run = await this.#runs.getRun(id);
    const failures = run === undefined ? [] : failuresOf(run);
    this.#known.set(key, failures);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    return failures;
  }
}

/** Of the instances of a mapped task that failed with one code, one speaks for all. */
function failuresOf(run: Run): Failure[] {
  const failures = new Map<string, Failure>();
  const ofInstances = new Set(
    [...run.tasks].flatMap(([id, { state }]) => (state === "failed" && specIdOf(id) !== id ? [specIdOf(id)] : [])),
  );
  for (const [id, { state, outcome, reason, endedAt }] of run.tasks) {
    if (state !== "failed" || ofInstances.has(id)) continue;
    const taskId = specIdOf(id);
    const at = endedAt ?? run.endedAt ?? run.createdAt;
    const advice = outcome && adviceFor(outcome);
    const failure: Failure =
      outcome === undefined
        ? {
            taskId,
            code: reason?.code ?? "failed",
            blame: "user",
            message: reason?.detail ?? (reason?.by === undefined ? "" : `marked by ${reason.by}`),
            at,
          }
        : {
            taskId,
            code: outcome.code,
            blame: outcome.blame,
            message: outcome.message,
            at,
            ...(advice === undefined ? {} : { advice }),
          };
    failures.set(`${taskId}\n${failure.code}`, failure);
  }
  if (failures.size > 0) return [...failures.values()];
  const at = run.endedAt ?? run.createdAt;
  return [
    {
      code: "RunStopped",
      blame: "policy",
      message: "no task failed: the run was stopped by its time limit, or marked failed",
      at,
    },
  ];
}
