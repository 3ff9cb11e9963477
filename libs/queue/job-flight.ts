import { DelayedError, type Job, UnrecoverableError, WaitingError } from "bullmq";
import type { AbortReason, JobEnd } from "./held-job.ts";
import { TryFailed } from "./retry-backoff.ts";

type Send = (job: Job, token: string) => Promise<void>;

/** What BullMQ is told for each end: a script of its own where it has to move, and an error that stands for the move. */
const ENDS: { readonly [T in JobEnd["type"]]: (end: Extract<JobEnd, { type: T }>) => { move?: Send; error?: Error } } = {
  done: () => ({}),
  retry: ({ message, delayMs }) => ({ error: new TryFailed(message, delayMs) }),
  failed: ({ message }) => ({ error: new UnrecoverableError(message) }),
  defer: ({ delayMs }) => ({
    move: (job, token) => job.moveToDelayed(Date.now() + delayMs, token),
    error: new DelayedError(),
  }),
  "hand-back": () => ({
    move: async (job, token) => {
      // Its pod runs: whoever takes it over has to find it before all that have not begun, whatever they weigh.
      await job.changePriority({ priority: 0 });
      await job.moveToWait(token);
    },
    error: new WaitingError(),
  }),
};

/** One activation of a job, from the moment a worker got it until BullMQ is told how it ended. */
export class JobFlight {
  readonly #job: Job;
  readonly #token: string;
  readonly #onError: (error: unknown) => void;
  readonly #end = Promise.withResolvers<JobEnd>();
  #lockLost = false;

  constructor(job: Job, token: string, onError: (error: unknown) => void) {
    this.#job = job;
    this.#token = token;
    this.#onError = onError;
  }

  /** Works until the handler settles or is left behind. Returns or throws what BullMQ expects. */
  async run(work: () => Promise<JobEnd>, deferMs: number): Promise<void> {
    Promise.try(work).then(
      end => this.#end.resolve(end),
      error => {
        // The handler broke, not the task: no try is used up.
        this.#onError(error);
        this.#end.resolve({ type: "defer", delayMs: deferMs });
      },
    );
    const end = await this.#end.promise;
    // The job is another worker's: not a word to BullMQ. This error makes it forget the job without touching it.
    if (this.#lockLost) throw new WaitingError();
    const { move, error } = ENDS[end.type](end as never);
    if (move !== undefined) await this.#send(move);
    if (error !== undefined) throw error;
  }

  /** Remembers why the handler was aborted, and after `graceMs` goes on without it. */
  abandon(reason: Exclude<AbortReason, "cancel">, graceMs: number): void {
    if (reason === "lock-lost") this.#lockLost = true;
    setTimeout(() => this.#end.resolve({ type: "hand-back" }), graceMs).unref();
  }

  async #send(move: Send): Promise<void> {
    try {
      await move(this.#job, this.#token);
    } catch (error) {
      // An ordinary error would count as a failed try. The job stays active without a renewed lock, and the stall check returns it.
      this.#onError(error);
      throw new WaitingError();
    }
  }
}
