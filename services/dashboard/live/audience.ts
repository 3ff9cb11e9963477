import type { StateEvent } from "#state/event-stream.ts";
import { batchText, frameOf } from "./frames.ts";
import type { LiveClient } from "./live-client.ts";
import { dagIdOf, topicsOf } from "./topics-of.ts";

/** A text and those who get it. */
export interface Delivery {
  text: Buffer;
  to: readonly LiveClient[];
}

/** Clients that hear exactly the same. */
interface Group {
  topics: readonly string[];
  mayRead: LiveClient["mayRead"];
  members: Set<LiveClient>;
}

/** Who watches what. Whoever hears the same gets the same bytes, which are made once. */
export class Audience {
  readonly #groups = new Map<string | LiveClient, Group>();
  readonly #byTopic = new Map<string, Set<Group>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  join(client: LiveClient): void {
    const key = keyOf(client);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { topics: client.topics, mayRead: client.mayRead, members: new Set() };
      this.#groups.set(key, group);
      for (const topic of group.topics) {
        const groups = this.#byTopic.get(topic);
        if (groups === undefined) this.#byTopic.set(topic, new Set([group]));
        else groups.add(group);
      }
    }
    group.members.add(client);
    this.#size++;
  }

  /** May be called twice. */
  leave(client: LiveClient): void {
    const key = keyOf(client);
    const group = this.#groups.get(key);
    if (group?.members.delete(client) !== true) return;
    this.#size--;
    if (group.members.size > 0) return;
    this.#groups.delete(key);
    for (const topic of group.topics) {
      const groups = this.#byTopic.get(topic);
      groups?.delete(group);
      if (groups?.size === 0) this.#byTopic.delete(topic);
    }
  }

  everybody(): LiveClient[] {
    return [...this.#groups.values()].flatMap(({ members }) => [...members]);
  }

  /** Who gets what of these events. Those who join later are not in it. */
  deliveries(events: readonly StateEvent[], position: string): Delivery[] {
    const frames = new Map<Group, string[]>();
    for (const event of events) {
      const groups = this.#hearing(event);
      if (groups.size === 0) continue;
      const frame = frameOf(event);
      for (const group of groups) {
        const known = frames.get(group);
        if (known === undefined) frames.set(group, [frame]);
        else known.push(frame);
      }
    }
    return [...frames].map(([{ members }, list]) => ({ text: Buffer.from(batchText(list, position)), to: [...members] }));
  }

  #hearing(event: StateEvent): ReadonlySet<Group> {
    const found = new Set<Group>();
    for (const topic of topicsOf(event)) {
      for (const group of this.#byTopic.get(topic) ?? []) if (mayHear(group, event)) found.add(group);
    }
    return found;
  }
}

/** Rights that are limited to some DAGs are nobody else's. */
const keyOf = (client: LiveClient): string | LiveClient => (client.mayRead === undefined ? client.topics.join(",") : client);

/** Whether somebody may hear of the event at all. */
export function mayHear({ mayRead }: Pick<LiveClient, "mayRead">, event: StateEvent): boolean {
  const dagId = dagIdOf(event);
  return mayRead === undefined || dagId === undefined || mayRead(dagId);
}
