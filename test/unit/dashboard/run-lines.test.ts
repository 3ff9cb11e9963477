import assert from "node:assert/strict";
import type { StateEvent } from "#state/event-stream.ts";
import type { RunSummary } from "#state/run-record.ts";
import { RunLines } from "../../../services/dashboard/overview/run-lines.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = 100 * DAY;

/** A record of runs that counts how often it is asked, and tells of its changes. */
function scene() {
  const summaries = new Map<string, RunSummary>();
  const events: StateEvent[] = [];
  const asked = { lists: 0, runs: [] as string[] };
  const clock = { now: NOW };
  const put = (id: string, state: RunSummary["state"], createdAt = clock.now): void => {
    const dagId = id.split("~")[0]!;
    summaries.set(id, { id, dagId, version: "v", state, rev: 0, trigger: { kind: "api" }, conf: {}, createdAt });
    events.push({ id: `${clock.now}-${events.length}`, runId: id, state, at: clock.now } as StateEvent);
  };
  const lines = new RunLines({
    now: () => clock.now,
    dags: { listDags: async () => [...new Set([...summaries.values()].map(({ dagId }) => dagId))].map(id => ({ id })) } as never,
    live: {
      liveRuns: async () => [...summaries.values()].filter(({ state }) => state === "running").map(({ id }) => id),
    } as never,
    runs: {
      listRuns: async ({ dagId, limit, before }: { dagId?: string; limit: number; before?: string }) => {
        asked.lists++;
        const all = [...summaries.values()]
          .filter(run => dagId === undefined || run.dagId === dagId)
          .sort((a, b) => b.createdAt - a.createdAt);
        const from = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1;
        return all.slice(from, from + limit);
      },
      getSummary: async (id: string) => {
        asked.runs.push(id);
        return summaries.get(id);
      },
    } as never,
    events: {
      read: async (limit: number, after = "") => events.filter(({ id }) => compare(id, after) > 0).slice(0, limit),
    },
  });
  const later = (ms: number): void => {
    clock.now += ms;
  };
  return { lines, put, later, asked, summaries, events, clock };
}

/** As Redis orders ids of a stream. */
function compare(a: string, b: string): number {
  const [[aMs = 0, aNo = 0], [bMs = 0, bNo = 0]] = [a.split("-").map(Number), b.split("-").map(Number)];
  return aMs - bMs || aNo - bNo;
}

const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);

describe("overview: runs in memory", () => {
  it("has the last runs of each DAG, the youngest first", async () => {
    const { lines, put } = scene();
    for (let i = 0; i < 40; i++) put(`a~${i}`, "success", NOW - 10 * DAY + i);
    put("b~0", "failed", NOW - 20 * DAY);
    await lines.refresh();
    assert.deepEqual([lines.ofDag("a").length, lines.ofDag("a")[0]?.id, ids(lines.ofDag("b"))], [25, "a~39", ["b~0"]]);
  });

  it("reads again only what has moved", async () => {
    const { lines, put, later, asked } = scene();
    put("a~1", "running", NOW - 2);
    put("a~2", "running", NOW - 1);
    await lines.refresh();
    const lists = asked.lists;
    asked.runs.length = 0;
    later(2 * MINUTE);
    await lines.refresh();
    asked.runs.length = 0;
    put("a~1", "success", NOW - 2);
    put("b~1", "queued");
    later(1_000);
    await lines.refresh();
    assert.deepEqual([asked.lists, asked.runs], [lists, ["a~1", "b~1"]]);
    assert.deepEqual(ids(lines.live()), ["a~2", "b~1"]);
    assert.deepEqual(ids(lines.ofDag("a")), ["a~2", "a~1"]);
  });

  it("answers many who ask at once with one reading", async () => {
    const { lines, put, asked } = scene();
    put("a~1", "success");
    await Promise.all(Array.from({ length: 20 }, () => lines.refresh()));
    assert.equal(asked.lists, 2);
  });

  it("forgets what is gone, and what is older than a day and not among its DAG's last", async () => {
    const { lines, put, later, summaries } = scene();
    put("a~gone", "success");
    await lines.refresh();
    summaries.delete("a~gone");
    later(6 * MINUTE);
    await lines.refresh();
    assert.deepEqual(ids(lines.ofDag("a")), []);
    for (let i = 0; i < 30; i++) put(`b~${i}`, "success");
    later(1_000);
    await lines.refresh();
    assert.equal(lines.ofDag("b").length, 30);
    later(2 * DAY);
    await lines.refresh();
    assert.equal(lines.ofDag("b").length, 25);
  });

  it("keeps a run that goes on, however old it is", async () => {
    const { lines, put } = scene();
    put("a~old", "running", NOW - 30 * DAY);
    for (let i = 0; i < 40; i++) put(`a~${i}`, "success", NOW - 10 * DAY + i);
    await lines.refresh();
    assert.deepEqual(ids(lines.live()), ["a~old"]);
  });
});
