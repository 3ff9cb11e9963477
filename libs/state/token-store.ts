import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Grant } from "#core/rights.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** A token of the HTTP API. The token itself is not kept anywhere. */
export interface ApiToken {
  id: string;
  /** What its maker calls it. */
  name: string;
  /** Who made it. */
  by: string;
  grants: readonly Grant[];
  createdAt: number;
  /** Absent: until it is revoked. */
  expiresAt?: number;
}

export interface UsedApiToken extends ApiToken {
  /** To within a minute. Absent: never. */
  lastUsedAt?: number;
}

/** Tokens, kept under their SHA-256: long and random, they need no slow hash. */
export interface TokenStore {
  putToken(secret: string, token: ApiToken): Promise<void>;
  /** undefined: there is none such, it was revoked, or it has expired. Notes the use. */
  useToken(secret: string, at: number): Promise<ApiToken | undefined>;
  /** Youngest first; also those that have expired. */
  listTokens(): Promise<UsedApiToken[]>;
  /** Revokes those that `meant` says; they are refused from now on. Returns how many. */
  revokeTokens(meant: (token: ApiToken) => boolean): Promise<number>;
}

const USE_NOTED_MS = 60_000;
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

export function openTokenStore(redis: Redis, keys: Keys): TokenStore {
  /** By id. Of tokens that this process has seen lately. */
  const noted = new Map<string, number>();

  function noteUse(id: string, at: number): Promise<unknown> | undefined {
    if (at - (noted.get(id) ?? 0) < USE_NOTED_MS) return undefined;
    noted.set(id, at);
    return redis.hset(keys.tokenUses, id, at);
  }

  return {
    async putToken(secret, token) {
      await redis.hset(keys.tokens, hashOf(secret), JSON.stringify(token));
    },

    async useToken(secret, at) {
      const text = await redis.hget(keys.tokens, hashOf(secret));
      if (text === null) return undefined;
      const token = JSON.parse(text) as ApiToken;
      if (token.expiresAt !== undefined && token.expiresAt <= at) return undefined;
      await noteUse(token.id, at);
      return token;
    },

    async listTokens() {
      const [texts, uses] = await readPipeline(redis.pipeline().hvals(keys.tokens).hgetall(keys.tokenUses));
      const tokens = (texts as string[]).map(text => {
        const token = JSON.parse(text) as ApiToken;
        const used = (uses as Record<string, string>)[token.id];
        return { ...token, ...(used === undefined ? {} : { lastUsedAt: Number(used) }) };
      });
      return tokens.sort((a, b) => b.createdAt - a.createdAt);
    },

    async revokeTokens(meant) {
      const rows = Object.entries(await redis.hgetall(keys.tokens)).map(([hash, text]) => ({
        hash,
        token: JSON.parse(text) as ApiToken,
      }));
      const gone = rows.filter(({ token }) => meant(token));
      if (gone.length === 0) return 0;
      const change = redis.multi();
      for (const { hash, token } of gone) change.hdel(keys.tokens, hash).hdel(keys.tokenUses, token.id);
      await readPipeline(change);
      for (const { token } of gone) noted.delete(token.id);
      return gone.length;
    },
  };
}
