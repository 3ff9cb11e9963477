import type { Kube } from "#kube/kube.ts";
import { MAIN_CONTAINER, type Pod } from "#kube/pod.ts";
import { timelineOf } from "#kube/pod-timeline.ts";

export interface PullClockOptions {
  kube: Pick<Kube, "listEvents">;
  onError(error: unknown): void;
}

/** A pod that starts faster has its image on the node, or as good as. Asking about every pod would cost a request for each. */
const SLOW_START_MS = 5_000;

/** Finds out when the image of a pod that started slowly was there: only the cluster's events tell. */
export class PullClock {
  readonly #options: PullClockOptions;
  #asked = false;
  /** In ms; undefined while it is not known. */
  pulledAt: number | undefined;

  constructor(options: PullClockOptions) {
    this.#options = options;
  }

  see(pod: Pod): void {
    const { createdAt, scheduledAt = createdAt, startedAt } = timelineOf(pod);
    if (this.#asked || startedAt === undefined || scheduledAt === undefined) return;
    this.#asked = true;
    if (startedAt - scheduledAt >= SLOW_START_MS) void this.#ask(pod).catch(this.#options.onError);
  }

  async #ask({ metadata: { namespace, name } }: Pod): Promise<void> {
    const events = await this.#options.kube.listEvents(namespace, name);
    const pulled = events.find(({ reason, container }) => reason === "Pulled" && container === MAIN_CONTAINER);
    const at = Date.parse(pulled?.lastAt ?? "");
    if (at > 0) this.pulledAt = at;
  }
}
