import { type Job, Worker } from "bullmq";
import type { JobData } from "./job-data.ts";

type Processed = ReturnType<Worker<JobData, void>["processJob"]>;

/**
 * BullMQ tracks held jobs by their id alone. When a lock was lost and the same process gets the job again, the end of the first
 * activation would stop the renewal of the second one's lock, which is then lost too, and so on without end.
 * Here the second activation waits until the first has ended completely.
 */
export class SingleFlightWorker extends Worker<JobData, void> {
  readonly #flights = new Map<string, Promise<unknown>>();

  override async processJob(job: Job<JobData, void>, token: string, fetchNext?: () => boolean): Processed {
    const id = job.id!;
    const start = () => super.processJob(job, token, fetchNext);
    const before = this.#flights.get(id);
    // Whoever gets a job that is held here proves that its lock was lost.
    if (before !== undefined) this.emit("lockRenewalFailed", [id]);
    const flight = before === undefined ? start() : before.then(start, start);
    this.#flights.set(id, flight);
    try {
      return await flight;
    } finally {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    }
  }
}
