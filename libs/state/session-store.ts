import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** What of the browsers' sessions cannot lie in their cookies: the key, and which of them no longer count. */
export interface SessionStore {
  /** The installation's key, 32 bytes; the first call makes it. */
  key(): Promise<Buffer>;
  /** Whether the session still counts: it was neither ended nor is it older than its person's "log out everywhere". */
  counts(session: { id: string; name: string; loggedInAt: number }): Promise<boolean>;
  /** Ends one session, remembered for as long as its cookie could live. */
  end(id: string, ttlMs: number): Promise<void>;
  /** Ends all sessions of the person that began up to now. */
  endAll(name: string, at: number): Promise<void>;
}

export function openSessionStore(redis: Redis, keys: Keys): SessionStore {
  let known: Buffer | undefined;
  return {
    async key() {
      if (known !== undefined) return known;
      await redis.set(keys.sessionKey, randomBytes(32).toString("base64"), "NX");
      const text = await redis.get(keys.sessionKey);
      if (text === null) throw new Error("the key of the sessions was removed while it was read");
      known = Buffer.from(text, "base64");
      return known;
    },
    async counts({ id, name, loggedInAt }) {
      const [after, ended] = await readPipeline(redis.pipeline().hget(keys.sessionsAfter, name).exists(keys.endedSession(id)));
      return ended === 0 && (after === null || Number(after) < loggedInAt);
    },
    async end(id, ttlMs) {
      await redis.set(keys.endedSession(id), "1", "PX", ttlMs);
    },
    async endAll(name, at) {
      await redis.hset(keys.sessionsAfter, name, at);
    },
  };
}
