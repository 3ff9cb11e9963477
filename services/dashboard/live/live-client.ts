import type { Outlet } from "../http/outlet.ts";
import { resyncText } from "./frames.ts";

export interface LiveClientOptions {
  outlet: Outlet;
  /** What it wants to hear of. */
  topics: readonly string[];
  /** Whether it may hear of a DAG; absent: of all. */
  mayRead?: (dagId: string) => boolean;
  /** Instant of a monotonic clock at which it has to come again, with rights that are looked up anew. */
  endsAt: number;
}

/** More than this waits for a connection only when its reader is slower than what happens. */
const MAX_WAITING_BYTES = 128 * 1024;
/** A reader that has taken nothing for so many pulses is not there any more. */
const MAX_PULSES_BEHIND = 4;

/** One who watches. What a slow reader cannot take is dropped, and it is told to read everything again. */
export class LiveClient {
  readonly topics: readonly string[];
  readonly mayRead: ((dagId: string) => boolean) | undefined;
  readonly #outlet: Outlet;
  readonly #endsAt: number;
  #pulsesBehind = 0;
  #isBehind = false;
  /** Of what was dropped last. */
  #position = "";

  constructor({ outlet, topics, mayRead, endsAt }: LiveClientOptions) {
    this.topics = topics;
    this.mayRead = mayRead;
    this.#outlet = outlet;
    this.#endsAt = endsAt;
  }

  /** @returns false when it was dropped */
  send(text: Buffer | string, position: string): boolean {
    if (!this.#isBehind && this.#outlet.waitingBytes() > MAX_WAITING_BYTES) this.#fallBehind();
    this.#position = position;
    if (this.#isBehind) return false;
    this.#outlet.write(text);
    return true;
  }

  /** Now and then: keeps the connection open, and ends it when its time is over or nobody reads. */
  pulse(text: Buffer | string, position: string, now: number): void {
    if (now >= this.#endsAt) return this.#outlet.end();
    if (this.send(text, position)) return;
    this.#pulsesBehind++;
    if (this.#pulsesBehind >= MAX_PULSES_BEHIND) this.#outlet.cut();
  }

  end(): void {
    this.#outlet.end();
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#pulsesBehind = 0;
    this.#outlet.onceDrained(() => {
      this.#isBehind = false;
      this.#outlet.write(resyncText(this.#position));
    });
  }
}
