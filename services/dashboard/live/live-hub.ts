import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import type { EventBatch, EventStream } from "#state/event-stream.ts";
import { beforePulse } from "../with-pulse.ts";
import { Audience, type Delivery, mayHear } from "./audience.ts";
import { coalesce } from "./coalesce.ts";
import { batchText, frameOf, pulseText, readyText, resyncText } from "./frames.ts";
import type { LiveClient } from "./live-client.ts";
import { RecentEvents } from "./recent-events.ts";
import { topicsOf } from "./topics-of.ts";

export interface LiveHubDeps {
  /** The last events. */
  last: EventStream["last"];
  /** Waits for those behind a position; rejects when the hub is stopped meanwhile. */
  next(after: string, options: { limit: number; waitMs: number }): Promise<EventBatch>;
  /** Lets that be noticed which nobody tells of, such as a worker that died. */
  notice(): Promise<unknown>;
  onError(error: unknown): void;
  /** Monotonic, in ms. Default: performance.now. */
  now?: () => number;
  pause?: (ms: number) => Promise<unknown>;
}

/** Of several changes of one thing within this time the last is told: at most four a second. */
const EVERY_MS = 250;
const PULSE_MS = 15_000;
/** Who comes back from further behind is told to read everything again. */
const REMEMBERED = 20_000;
const READ_AT_ONCE = 2_000;
/** What comes faster than this in a quarter of a second is told in the next. */
const MAX_READS = 20;
const WAIT_MS = 5_000;
const RETRY_MS = 1_000;
/** Written between two turns of the event loop, so that requests need not wait for all of them. */
const WRITES_A_TURN = 20;

/** Carries what happens from Redis to everybody who watches: one reader, however many clients. Begins with the first of them. */
export class LiveHub {
  readonly #deps: LiveHubDeps;
  readonly #now: () => number;
  readonly #pause: (ms: number) => Promise<unknown>;
  readonly #audience = new Audience();
  readonly #recent = new RecentEvents(REMEMBERED);
  #begun: Promise<void> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(deps: LiveHubDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#pause = deps.pause ?? sleep;
  }

  /** How many watch. */
  get size(): number {
    return this.#audience.size;
  }

  /** Resolves when clients can join. Rejects when Redis does not answer; the next call tries again. */
  begin(): Promise<void> {
    this.#begun ??= this.#deps.last(REMEMBERED).then(
      batch => {
        this.#recent.add(batch);
        void this.#run();
      },
      (error: unknown) => {
        this.#begun = undefined;
        throw error;
      },
    );
    return this.#begun;
  }

  /** From here on the client hears what happens; with a position, also what it has missed since. */
  join(client: LiveClient, lastPosition: string | undefined): void {
    this.#audience.join(client);
    client.send(this.#greeting(client, lastPosition), this.#recent.position);
  }

  leave(client: LiveClient): void {
    this.#audience.leave(client);
  }

  /** Lets everybody go. The wait for the next event has to be ended as well: by its connection's end. */
  stop(): void {
    this.#isStopped = true;
    for (const client of this.#audience.everybody()) client.end();
  }

  #greeting(client: LiveClient, lastPosition: string | undefined): string {
    const { position } = this.#recent;
    // Many lose their connection at once; they should not all be back at once.
    const retryMs = 1_000 + (this.size % 20) * 100;
    return `retry: ${retryMs}\n\n${this.#news(client, lastPosition, position)}`;
  }

  #news(client: LiveClient, lastPosition: string | undefined, position: string): string {
    if (lastPosition === undefined) return readyText(position);
    const missed = this.#recent.since(lastPosition);
    if (missed === undefined) return resyncText(position);
    const wanted = new Set(client.topics);
    const heard = missed.filter(event => topicsOf(event).some(topic => wanted.has(topic)) && mayHear(client, event));
    return heard.length === 0 ? pulseText(position) : batchText(coalesce(heard).map(frameOf), position);
  }

  async #run(): Promise<void> {
    let reading = this.#read();
    let pulseAt = this.#now() + PULSE_MS;
    while (!this.#isStopped) {
      const batch = await beforePulse(reading, Math.max(0, pulseAt - this.#now()));
      if (this.#isStopped) return;
      if (batch !== "pulse") {
        await this.#tell(batch);
        reading = this.#read();
      }
      if (this.#now() < pulseAt) continue;
      await this.#pulse();
      pulseAt = this.#now() + PULSE_MS;
    }
  }

  /** What has happened since, not sooner than its time has come. Empty when the hub is stopped. */
  async #read(): Promise<EventBatch> {
    let batch: EventBatch = { events: [], position: this.#recent.position, gap: false };
    await this.#pause(Math.max(0, this.#toldAt + EVERY_MS - this.#now()));
    for (let reads = 1, waitMs = WAIT_MS; reads <= MAX_READS && !this.#isStopped; reads++) {
      try {
        const more = await this.#deps.next(batch.position, { limit: READ_AT_ONCE, waitMs });
        batch = { events: [...batch.events, ...more.events], position: more.position, gap: batch.gap || more.gap };
        if (more.events.length < READ_AT_ONCE) break;
        waitMs = 1;
      } catch (error) {
        if (this.#isStopped) break;
        this.#deps.onError(error);
        await this.#pause(RETRY_MS);
      }
    }
    return batch;
  }

  async #tell(batch: EventBatch): Promise<void> {
    const { events, position, gap } = batch;
    // From here to the deliveries nobody can join: who joins later has been told this position.
    this.#recent.add(batch);
    if (gap) return this.#carryOut([{ text: Buffer.from(resyncText(position)), to: this.#audience.everybody() }], position);
    if (events.length === 0) return;
    this.#toldAt = this.#now();
    await this.#carryOut(this.#audience.deliveries(coalesce(events), position), position);
  }

  async #carryOut(deliveries: readonly Delivery[], position: string): Promise<void> {
    let written = 0;
    for (const { text, to } of deliveries) {
      for (const client of to) {
        client.send(text, position);
        if (++written % WRITES_A_TURN === 0) await turn();
      }
    }
  }

  async #pulse(): Promise<void> {
    const { position } = this.#recent;
    void this.#deps.notice().catch(this.#deps.onError);
    const text = Buffer.from(pulseText(position));
    for (const [index, client] of this.#audience.everybody().entries()) {
      client.pulse(text, position, this.#now());
      if (index % WRITES_A_TURN === 0) await turn();
    }
  }
}
