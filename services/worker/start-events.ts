import { failure } from "#core/failure.ts";
import type { Outcome } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";
import type { Kube, PodEvent } from "#kube/kube.ts";
import type { Pod } from "#kube/pod.ts";

export interface StartEventsOptions {
  kube: Pick<Kube, "listEvents">;
  namespace: string;
  name: string;
  /** A pod that has not come further for this long is asked about, and again after as long. */
  everyMs: number;
  /** Hears of the last warning, once for each text. */
  onWarning(event: PodEvent): void;
  onError(error: unknown): void;
}

/** Their messages quote what a probe or a hook printed. */
const SECRETIVE: ReadonlySet<string> = new Set(["Unhealthy", "FailedPostStartHook", "FailedPreStopHook"]);

const isWarning = ({ type, reason }: PodEvent): boolean => type === "Warning" && !SECRETIVE.has(reason);

/**
 * Asks for the events of a pod that does not start and does not say why: a missing volume or a broken network is explained
 * nowhere else. A pod that starts, or that explains itself, costs no request.
 */
export class StartEvents {
  readonly #options: StartEventsOptions;
  #timer: NodeJS.Timeout | undefined;
  #step: string | undefined;
  #warned: string | undefined;

  constructor(options: StartEventsOptions) {
    this.#options = options;
  }

  see(seen: Observation): void {
    const step = seen.state === "starting" && seen.message === "" ? `${seen.code} ${seen.sinceAt}` : undefined;
    if (step === this.#step) return;
    this.#step = step;
    clearTimeout(this.#timer);
    if (step !== undefined) this.#arm();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#step = undefined;
  }

  /** The warnings as they are now, newest last; none when the API server does not answer. */
  async warnings(): Promise<PodEvent[]> {
    const { kube, namespace, name, onError } = this.#options;
    try {
      return (await kube.listEvents(namespace, name)).filter(isWarning);
    } catch (error) {
      onError(error);
      return [];
    }
  }

  #arm(): void {
    this.#timer = setTimeout(() => void this.#ask(), this.#options.everyMs);
  }

  async #ask(): Promise<void> {
    const step = this.#step;
    const last = (await this.warnings()).at(-1);
    // It went on meanwhile: what was wrong is over.
    if (step === undefined || step !== this.#step) return;
    if (last !== undefined && last.message !== this.#warned) {
      this.#warned = last.message;
      this.#options.onWarning(last);
    }
    this.#arm();
  }
}

const NO_SUCH_OBJECT = /not found|references non-existent/;

/** What a start timeout comes down to when the events are known. */
export function explainStartTimeout(overdue: Outcome, pod: Pod, warnings: readonly PodEvent[]): Outcome {
  const quote = ({ reason, message }: PodEvent) => `${reason}: ${message}`;
  // Volumes come before the pod's network: once that is there, an old warning about a volume is history.
  const isMounted = pod.status.conditions?.some(({ type, status }) => type === "PodReadyToStartContainers" && status === "True");
  const missing = warnings.findLast(
    ({ reason, message }) => (reason === "FailedMount" || reason === "FailedAttachVolume") && NO_SUCH_OBJECT.test(message),
  );
  if (missing !== undefined && !isMounted) return failure("VolumeMissing", { evidence: quote(missing) });
  const last = warnings.at(-1);
  return last === undefined ? overdue : { ...overdue, evidence: quote(last) };
}
