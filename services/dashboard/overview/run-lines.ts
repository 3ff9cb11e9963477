import type { RunState } from "#core/run.ts";
import type { EventStream } from "#state/event-stream.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { Ports } from "../ports.ts";

/** A run as charts and short lists need it. */
export interface RunLine {
  id: string;
  dagId: string;
  version: string;
  state: RunState;
  /** What started it. */
  kind: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  logicalAt?: number;
}

/** Runs of one DAG that are kept in memory, besides those of the last day. */
const KEPT_PER_DAG = 25;
const DAY_MS = 86_400_000;
/** Runs of the last day that are kept at most: then the day is shorter. */
const KEPT_IN_ALL = 5_000;
const PAGE = 500;
const READ_AT_ONCE = 50;
/** Answers within this time are the same. Shorter than what passes between an event and a page's question about it. */
const FRESH_MS = 100;
/** What events did not tell, such as runs whose retention has passed, is noticed after this time. */
const RELOAD_MS = 5 * 60_000;
/** Clocks of different machines differ: events from so long before are read again. */
const OVERLAP_MS = 60_000;
const EVENTS_AT_ONCE = 2_000;
const MAX_READS = 20;

type LinePorts = Pick<Ports, "dags" | "runs" | "live" | "now"> & { events: Pick<EventStream, "read"> };

/**
 * The last runs of every DAG and those of the last day, in memory: read once, then kept up to date by the record's own events, so that a list
 * of 1,000 DAGs costs no more than what has moved since it was last asked for.
 */
export class RunLines {
  readonly #ports: LinePorts;
  readonly #byId = new Map<string, RunLine>();
  readonly #byDag = new Map<string, RunLine[]>();
  #position = "";
  #loadedAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(ports: LinePorts) {
    this.#ports = ports;
  }

  /** Resolves when what is here is at most 0.1 s old. Many who ask at once cost one reading. */
  refresh(): Promise<void> {
    if (this.#ports.now() - this.#readAt < FRESH_MS) return Promise.resolve();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The DAG's last runs, the youngest first. */
  ofDag(dagId: string): readonly RunLine[] {
    return this.#byDag.get(dagId) ?? [];
  }

  /** Runs created since the instant, a day back at most, the youngest first. */
  since(at: number): RunLine[] {
    return [...this.#byId.values()].filter(({ createdAt }) => createdAt >= at).sort(youngerFirst);
  }

  /** Runs that have not ended, the oldest first. */
  live(): RunLine[] {
    return [...this.#byId.values()]
      .filter(({ state }) => state === "queued" || state === "running")
      .sort((a, b) => youngerFirst(b, a));
  }

  /** The last ended runs of each DAG that failed, and all of the last day that did, the youngest first. */
  failed(): RunLine[] {
    return [...this.#byId.values()].filter(({ state }) => state === "failed").sort(youngerFirst);
  }

  async #read(): Promise<void> {
    const now = this.#ports.now();
    if (now - this.#loadedAt >= RELOAD_MS || !(await this.#follow())) await this.#load(now);
    this.#forget(now - DAY_MS);
    this.#readAt = this.#ports.now();
  }

  async #load(now: number): Promise<void> {
    const { dags, runs, live } = this.#ports;
    this.#position = `${now - OVERLAP_MS}-0`;
    const [rows, ids] = await Promise.all([dags.listDags(), live.liveRuns()]);
    const found: RunSummary[] = [];
    for (const batch of chunks(rows, READ_AT_ONCE)) {
      const pages = await Promise.all(batch.map(({ id }) => runs.listRuns({ dagId: id, limit: KEPT_PER_DAG })));
      found.push(...pages.flat());
    }
    for (let before: string | undefined, count = 0; count < KEPT_IN_ALL; count += PAGE) {
      const page = await runs.listRuns({ limit: PAGE, ...(before === undefined ? {} : { before }) });
      found.push(...page);
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined || last.createdAt < now - DAY_MS) break;
      before = last.id;
    }
    const known = new Set(found.map(({ id }) => id));
    for (const batch of chunks(
      ids.filter(id => !known.has(id)),
      READ_AT_ONCE,
    )) {
      const summaries = await Promise.all(batch.map(id => runs.getSummary(id)));
      found.push(...summaries.filter(summary => summary !== undefined));
    }
    this.#byId.clear();
    this.#byDag.clear();
    for (const summary of found) this.#byId.set(summary.id, lineOf(summary));
    for (const [dagId, lines] of Map.groupBy(this.#byId.values(), ({ dagId }) => dagId)) {
      this.#byDag.set(dagId, lines.sort(youngerFirst));
    }
    this.#loadedAt = now;
  }

  /** Reads again what has moved. false: so much has that reading all is cheaper. */
  async #follow(): Promise<boolean> {
    const { events, runs } = this.#ports;
    const moved = new Set<string>();
    for (let reads = 0; ; reads++) {
      const batch = await events.read(EVENTS_AT_ONCE, this.#position);
      for (const event of batch) if (isOfRun(event)) moved.add(event.runId);
      this.#position = batch.at(-1)?.id ?? this.#position;
      if (batch.length < EVENTS_AT_ONCE) break;
      if (reads === MAX_READS) return false;
    }
    for (const batch of chunks([...moved], READ_AT_ONCE)) {
      const summaries = await Promise.all(batch.map(id => runs.getSummary(id)));
      batch.forEach((id, i) => void this.#put(id, summaries[i]));
    }
    return true;
  }

  #put(id: string, summary: RunSummary | undefined): void {
    const before = this.#byId.get(id);
    if (summary === undefined) this.#byId.delete(id);
    else this.#byId.set(id, lineOf(summary));
    const dagId = summary?.dagId ?? before?.dagId;
    if (dagId === undefined) return;
    const others = (this.#byDag.get(dagId) ?? []).filter(line => line.id !== id);
    this.#byDag.set(dagId, summary === undefined ? others : [...others, lineOf(summary)].sort(youngerFirst));
  }

  /** What is older than a day and not among the last of its DAG leaves. */
  #forget(before: number): void {
    for (const [dagId, lines] of this.#byDag) {
      if (lines.length <= KEPT_PER_DAG) continue;
      const kept = lines.filter((line, i) => i < KEPT_PER_DAG || line.createdAt >= before || line.state === "running");
      for (const line of lines) if (!kept.includes(line)) this.#byId.delete(line.id);
      this.#byDag.set(dagId, kept);
    }
  }
}

const youngerFirst = (a: RunLine, b: RunLine): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

const isOfRun = (event: object): event is { runId: string } =>
  "runId" in event && !("taskId" in event && event.taskId !== undefined);

const lineOf = ({ id, dagId, version, state, trigger, createdAt, startedAt, endedAt, logicalAt }: RunSummary): RunLine => ({
  id,
  dagId,
  version,
  state,
  kind: trigger.kind,
  createdAt,
  ...(startedAt === undefined ? {} : { startedAt }),
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(logicalAt === undefined ? {} : { logicalAt }),
});

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
