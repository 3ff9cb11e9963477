import type { Change, StateEvent } from "#state/event-stream.ts";
import type { Outlet } from "../../../../services/dashboard/http/outlet.ts";
import { LiveClient, type LiveClientOptions } from "../../../../services/dashboard/live/live-client.ts";

/** Events at positions 1-0, 2-0, … */
export const eventsOf = (changes: readonly Change[], first = 1): StateEvent[] =>
  changes.map((change, i) => ({ ...change, id: `${first + i}-0`, at: first + i }));

export const task = (taskId: string, state: Extract<Change, { kind: "task" }>["state"], runId = "etl~1"): Change => ({
  kind: "task",
  runId,
  taskId,
  state,
});

export const run = (runId: string, state: Extract<Change, { kind: "run" }>["state"] = "running"): Change => ({
  kind: "run",
  runId,
  state,
});

/** An outlet that keeps what is written to it; `isStuck`: nobody reads. */
class PlayedOutlet implements Outlet {
  text = "";
  isStuck = false;
  ended: "" | "end" | "cut" = "";
  #waiting = 0;
  #listeners: (() => void)[] = [];

  write(chunk: Buffer | string): void {
    this.text += chunk.toString();
    if (this.isStuck) this.#waiting += chunk.length;
  }
  waitingBytes(): number {
    return this.#waiting;
  }
  onceDrained(listener: () => void): void {
    this.#listeners.push(listener);
  }
  end(): void {
    this.ended = "end";
  }
  cut(): void {
    this.ended = "cut";
  }
  /** The reader reads on. */
  drain(): void {
    this.isStuck = false;
    this.#waiting = 0;
    for (const listener of this.#listeners.splice(0)) listener();
  }
  /** `event state` of each frame, or the event alone, and takes them away. */
  take(): string[] {
    const blocks = this.text.split("\n\n").filter(block => block.includes("data:"));
    const all = blocks.join("\n").matchAll(/^event: (\S+)(?:\nid: .*)?\ndata: (.*)$/gm);
    this.text = "";
    return [...all].map(([, event, data]) => {
      const { state, runId, taskId } = JSON.parse(data!) as Record<string, string>;
      return [event, taskId ?? runId, state].filter(Boolean).join(" ");
    });
  }
  /** Where a reader would go on. */
  get lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  }
}

export function clientOf(topics: readonly string[], more: Partial<LiveClientOptions> = {}) {
  const outlet = new PlayedOutlet();
  return { outlet, client: new LiveClient({ outlet, topics: [...topics].sort(), endsAt: 1_000_000, ...more }) };
}
