import assert from "node:assert/strict";
import type { Gate } from "#core/gate.ts";
import { isLive } from "#core/run.ts";
import type { World } from "../support/core/world.ts";

/** A pool of few slots, held as the leader's admission holds them: from the yes until the task is live no more. */
export class PoolGate implements Gate {
  readonly #slots: number;
  readonly #held = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #past = new Set<string>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  admit(_run: unknown, taskId: string): boolean {
    if (this.#held.size < this.#slots) {
      this.#held.add(taskId);
      this.#waiting.delete(taskId);
      return true;
    }
    this.#waiting.add(taskId);
    return false;
  }

  /** Frees the slots of what is live no more, and lets in who waits. */
  settle(world: World): void {
    for (const id of this.#held) {
      const memory = world.run.tasks.get(id);
      if (!isLive(world.record(id).state) && (memory === undefined || !isLive(memory.state))) this.#held.delete(id);
    }
    for (const id of this.#waiting) {
      if (world.record(id).state !== "scheduled") this.#waiting.delete(id);
      else if (this.#held.size < this.#slots) {
        this.#held.add(id);
        this.#waiting.delete(id);
        world.apply({ type: "task.admitted", at: world.now(), taskId: id });
      }
    }
  }

  /** Another leader knows the live tasks only. */
  forget(world: World): void {
    this.#held.clear();
    this.#waiting.clear();
    for (const [id, { state }] of world.records) if (isLive(state)) this.#held.add(id);
  }

  /** BullMQ itself starts a job again whose Retry somebody pressed: it goes past every limit. */
  pass(taskId: string): void {
    this.#past.add(taskId);
  }

  check(world: World): void {
    const live = [...world.records].filter(([id, { state }]) => isLive(state) && !this.#past.has(id)).map(([id]) => id);
    assert.ok(live.length <= this.#slots, `${live.join(", ")} hold more than ${this.#slots} slots`);
  }
}
