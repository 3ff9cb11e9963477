import type { Redis } from "ioredis";
import type { Grant } from "#core/rights.ts";
import type { Keys } from "./keys.ts";
import { SCRIPTS } from "./scripts.ts";

/** A person who logs in with a password. */
export interface User {
  name: string;
  /** As the dashboard's scrypt writes it; never the password. */
  passwordHash: string;
  grants: readonly Grant[];
  createdAt: number;
}

export interface UserStore {
  getUser(name: string): Promise<User | undefined>;
  /** By name. */
  listUsers(): Promise<User[]>;
  hasUsers(): Promise<boolean>;
  /** true: there was none of that name. */
  putUser(user: User): Promise<boolean>;
  /** false: there was none. */
  removeUser(name: string): Promise<boolean>;
  /** A code whose holder may make the first user until `ttlMs` are over. Only its hash is kept. */
  allowSetup(codeHash: string, ttlMs: number): Promise<void>;
  /** "refused": the code is none, or there is a user already. Of several calls one succeeds. */
  createFirstUser(codeHash: string, user: User): Promise<"created" | "refused">;
}

export function openUserStore(redis: Redis, keys: Keys): UserStore {
  const parse = (text: string): User => JSON.parse(text) as User;
  return {
    async getUser(name) {
      const text = await redis.hget(keys.users, name);
      return text === null ? undefined : parse(text);
    },
    async listUsers() {
      const texts = await redis.hvals(keys.users);
      return texts.map(parse).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    hasUsers: async () => (await redis.hlen(keys.users)) > 0,
    putUser: async user => (await redis.hset(keys.users, user.name, JSON.stringify(user))) === 1,
    removeUser: async name => (await redis.hdel(keys.users, name)) === 1,
    async allowSetup(codeHash, ttlMs) {
      await redis.multi().sadd(keys.setupCodes, codeHash).pexpire(keys.setupCodes, ttlMs).exec();
    },
    async createFirstUser(codeHash, user) {
      const place = { users: keys.users, setupCodes: keys.setupCodes };
      const reply = await SCRIPTS.createFirstUser.run(redis, place, {
        code: codeHash,
        name: user.name,
        user: JSON.stringify(user),
      });
      return reply as "created" | "refused";
    },
  };
}
