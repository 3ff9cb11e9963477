import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** A write that somebody asked for, whatever came of it. */
export interface AuditEntry {
  at: number;
  /** The caller's name; "anonymous": nobody was logged in. */
  who: string;
  /** The address it came from. */
  from: string;
  /** "POST /api/v1/dags/:dagId/runs", "board.retry", "login", … */
  what: string;
  /** What it was done to: the request's path, or a queue and a job. */
  target: string;
  /** HTTP status of the answer: from 400 on it was refused or has failed. */
  status: number;
  /** What it was before, where that is known. At most some KiB. */
  before?: unknown;
  /** What was asked for. At most some KiB. */
  after?: unknown;
  requestId: string;
}

export interface KeptAuditEntry extends AuditEntry {
  /** Its place: of two entries the later one has the greater id. */
  id: string;
}

export interface AuditQuery {
  /** At most this many. */
  limit: number;
  /** Only what is older than this entry: the last id of the page before. */
  before?: string | undefined;
  who?: string | undefined;
  /** Begins so. */
  what?: string | undefined;
  /** Is part of the target. */
  target?: string | undefined;
  /** Not earlier. */
  since?: number | undefined;
  /** Not later. */
  until?: number | undefined;
}

/** Who asked for what, in the order it was answered. The last 100,000 or so entries are kept. */
export interface AuditStore {
  note(entry: AuditEntry): Promise<void>;
  /** Newest first. At most 20,000 entries are looked at; `next` is absent when there are no older ones. */
  list(query: AuditQuery): Promise<{ entries: KeptAuditEntry[]; next?: string }>;
}

const KEPT = 100_000;
const PAGE = 500;
const MAX_LOOKED_AT = 20_000;

export function openAuditStore(redis: Redis, keys: Keys): AuditStore {
  return {
    async note(entry) {
      await redis.xadd(keys.audit, "MAXLEN", "~", KEPT, "*", "entry", JSON.stringify(entry));
    },

    async list({ limit, before, since, until, ...filter }) {
      const from = before === undefined ? (until === undefined ? "+" : String(until)) : `(${before}`;
      const entries: KeptAuditEntry[] = [];
      let start = from;
      for (let looked = 0; looked < MAX_LOOKED_AT; ) {
        const rows = await redis.xrevrange(keys.audit, start, since === undefined ? "-" : String(since), "COUNT", PAGE);
        for (const [id, fields] of rows) {
          const entry = { id, ...(JSON.parse(fields[1]!) as AuditEntry) };
          if (matches(entry, filter)) entries.push(entry);
          if (entries.length === limit) return { entries, next: id };
        }
        if (rows.length < PAGE) return { entries };
        looked += rows.length;
        start = `(${rows.at(-1)![0]}`;
      }
      return { entries, next: start.slice(1) };
    },
  };
}

const matches = (entry: AuditEntry, { who, what, target }: Pick<AuditQuery, "who" | "what" | "target">): boolean =>
  (who === undefined || entry.who === who) &&
  (what === undefined || entry.what.startsWith(what)) &&
  (target === undefined || entry.target.includes(target));
