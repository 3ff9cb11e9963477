import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** Who is first with a key, and what the first was answered. */
export type Reservation =
  | { result: "first" }
  /** The first is being carried out. */
  | { result: "busy" }
  /** It came with another body. */
  | { result: "differs" }
  | { result: "answered"; reply: unknown };

/** Answers to requests that carry an Idempotency-Key, kept so that a repetition changes nothing. */
export interface ReplyStore {
  /** Makes the caller the first with the key, for as long as a request may take, or says what became of the one before. */
  reserve(key: string, bodyHash: string): Promise<Reservation>;
  /** What the first was answered. */
  keep(key: string, bodyHash: string, reply: unknown): Promise<void>;
  /** The first came to nothing: the next one with the key is the first. */
  release(key: string): Promise<void>;
}

const KEPT_MS = 24 * 3_600_000;
/** A request takes no longer. After that its process has died. */
const RESERVED_MS = 60_000;

export function openReplyStore(redis: Redis, keys: Keys): ReplyStore {
  return {
    async reserve(key, bodyHash) {
      if ((await redis.set(keys.reply(key), `${bodyHash} `, "PX", RESERVED_MS, "NX")) === "OK") return { result: "first" };
      const known = await redis.get(keys.reply(key));
      // It was given up this very moment: the caller repeats anyway.
      if (known === null) return { result: "busy" };
      const cut = known.indexOf(" ");
      if (known.slice(0, cut) !== bodyHash) return { result: "differs" };
      const text = known.slice(cut + 1);
      return text === "" ? { result: "busy" } : { result: "answered", reply: JSON.parse(text) };
    },

    async keep(key, bodyHash, reply) {
      await redis.set(keys.reply(key), `${bodyHash} ${JSON.stringify(reply)}`, "PX", KEPT_MS);
    },

    async release(key) {
      await redis.del(keys.reply(key));
    },
  };
}
