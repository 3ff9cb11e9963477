import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

interface AuditEvent {
  verb: string;
  /** Absent on requests that were never told who asks. */
  userAgent?: string;
  objectRef?: { resource?: string; subresource?: string };
  /** RFC 3339 with microseconds. */
  stageTimestamp: string;
  responseStatus?: { code?: number };
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);
const QUIET_MS = 1_000;

/** The API server's own record: what was asked of it and when it answered, seen from outside of every client. */
export class AuditLog {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static open(): AuditLog {
    const file = process.env.AUDIT_LOG ?? join(process.env.CLUSTER_DIR ?? "", "log/audit.log");
    statSync(file);
    return new AuditLog(file);
  }

  /** The place in the log that is its end now, in bytes. */
  mark(): number {
    return statSync(this.#file).size;
  }

  /** Resolves when nothing was added for a second: what was under way is written. */
  async quiet(): Promise<void> {
    for (let size = -1; size !== this.mark(); await sleep(QUIET_MS)) size = this.mark();
  }

  /** How many requests of such a user agent there were, but for watches, which are one per connection. */
  ofUserAgent(part: string, from: number): { writes: number; gets: number } {
    const own = this.#since(from).filter(event => event.userAgent?.includes(part));
    return {
      writes: own.filter(event => WRITES.has(event.verb)).length,
      gets: own.filter(event => event.verb === "get" || event.verb === "list").length,
    };
  }

  /** In a chain of pods: ms from the end of one, as kwok wrote it, to the answer to the POST of the next. */
  endToNextPost(part: string, from: number): number[] {
    const gaps: number[] = [];
    let endedAt: number | undefined;
    const events = this.#since(from).map(event => ({ ...event, at: toMs(event.stageTimestamp) }));
    for (const event of events.sort((a, b) => a.at - b.at)) {
      if (event.verb === "patch" && event.objectRef?.subresource === "status" && event.userAgent?.startsWith("kwok"))
        endedAt = event.at;
      if (event.verb !== "create" || !event.userAgent?.includes(part) || event.responseStatus?.code !== 201) continue;
      if (endedAt !== undefined) gaps.push(event.at - endedAt);
    }
    return gaps;
  }

  #since(from: number): AuditEvent[] {
    const buffer = Buffer.alloc(this.mark() - from);
    const file = openSync(this.#file, "r");
    readSync(file, buffer, 0, buffer.length, from);
    closeSync(file);
    const lines = buffer
      .toString()
      .split("\n")
      .filter(line => line !== "");
    return lines.map(line => JSON.parse(line) as AuditEvent);
  }
}

/** Microseconds survive: Date.parse keeps only milliseconds. */
const toMs = (stamp: string): number => Date.parse(stamp) + Number(`0.${/\.\d{3}(\d*)Z$/.exec(stamp)?.[1] ?? "0"}`);
