import type { Observation } from "#kube/classify.ts";
import type { TryPhase, TryRun } from "./run-job.ts";

/** A phase that lasts shorter is not worth a message: most pods that are well pass through several within a second. */
const WORTH_TELLING_MS = 250;

/** Tells what a pod is doing when it keeps doing it. */
export class PhaseReport {
  readonly #tryRun: Pick<TryRun, "phase">;
  #timer: NodeJS.Timeout | undefined;
  #code: string | undefined;

  constructor(tryRun: Pick<TryRun, "phase">) {
    this.#tryRun = tryRun;
  }

  see(seen: Observation): void {
    if (seen.code === this.#code) return;
    this.#code = seen.code;
    clearTimeout(this.#timer);
    const phase: TryPhase = {
      phase: seen.state,
      code: seen.code,
      pod: seen.pod,
      ...(seen.message ? { message: seen.message } : {}),
    };
    this.#timer = setTimeout(() => this.#tryRun.phase(phase), WORTH_TELLING_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
