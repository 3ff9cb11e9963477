import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EVENTS, EventsQuery } from "#contract/event.ts";
import type { Change } from "#state/event-stream.ts";
import { coalesce } from "../../../../services/dashboard/live/coalesce.ts";
import { batchText, frameOf } from "../../../../services/dashboard/live/frames.ts";
import { dagIdOf, topicsOf } from "../../../../services/dashboard/live/topics-of.ts";
import { eventsOf, run, task } from "./events.ts";

const TABLE: readonly (readonly [change: Change, dagId: string | undefined, topics: readonly string[]])[] = [
  [run("etl~1"), "etl", ["runs", "run:etl~1", "dag:etl"]],
  [task("load", "queued"), "etl", ["tasks:etl~1"]],
  [{ kind: "approval", runId: "etl~1", taskId: "ok", state: "asked" }, "etl", ["approvals", "tasks:etl~1"]],
  [{ kind: "dag", dagId: "etl", state: "paused" }, "etl", ["dags", "dag:etl"]],
  [{ kind: "backfill", backfillId: "etl~b", state: "done" }, "etl", ["backfills", "dag:etl"]],
  [{ kind: "pool", pool: "gpu", state: "put" }, undefined, ["pools"]],
  [{ kind: "worker", worker: "w", state: "gone" }, undefined, ["workers"]],
  [{ kind: "import-errors", count: 2 }, undefined, ["import-errors"]],
];

describe("live: topics", () => {
  for (const [change, dagId, topics] of TABLE) {
    it(`${change.kind} is told to ${topics.join(", ")}`, () => {
      const [event] = eventsOf([change]);
      assert.deepEqual([dagIdOf(event!), topicsOf(event!)], [dagId, topics]);
      assert.deepEqual(EventsQuery.parse({ topics: topics.join() }), { topics: [...topics].sort() }, "can be asked for");
      const data = /^data: (.*)$/m.exec(frameOf(event!))?.[1];
      EVENTS[change.kind].parse(JSON.parse(data!));
      assert.equal("id" in JSON.parse(data!), false, "the position is not in the data");
    });
  }

  const REFUSED = [
    "",
    ",",
    "run",
    "run:",
    "moon",
    "runs,moon",
    "tasks",
    "RUNS",
    Array.from({ length: 201 }, (_, i) => `dag:${i}`).join(),
  ];
  for (const topics of REFUSED) {
    it(`refuses '${topics.slice(0, 20)}'`, () => assert.equal(EventsQuery.safeParse({ topics }).success, false));
  }

  it("and events are all in the reference", () => {
    const page = readFileSync(new URL("../../../../docs/reference/events.md", import.meta.url), "utf8");
    const words = [
      ...Object.keys(EVENTS),
      ...TABLE.flatMap(([, , topics]) => topics.map(topic => topic.replace(/:.*/, ":<id>"))),
    ];
    assert.deepEqual(
      words.filter(word => !page.includes(`\`${word}\``)),
      [],
    );
  });

  it("are taken once each, in one order", () =>
    assert.deepEqual(EventsQuery.parse({ topics: "runs,dags,,runs" }), { topics: ["dags", "runs"] }));
});

describe("live: coalescing", () => {
  it("keeps the last of every thing, in the order in which they came", () => {
    const events = eventsOf([
      task("a", "queued"),
      task("b", "queued"),
      run("etl~1", "running"),
      task("a", "running"),
      task("a", "queued", "etl~2"),
      task("a", "success"),
      run("etl~1", "success"),
    ]);
    assert.deepEqual(
      coalesce(events).map(({ id }) => id),
      ["2-0", "5-0", "6-0", "7-0"],
    );
    assert.deepEqual(coalesce([]), []);
  });

  it("moves a client's position with the last frame of a batch only", () => {
    const frames = eventsOf([task("a", "queued"), task("b", "queued")]).map(frameOf);
    const blocks = batchText(frames, "2-0").split("\n\n");
    assert.deepEqual(
      blocks.map(block => /^id: (.*)$/m.exec(block)?.[1]),
      [undefined, "2-0", undefined],
    );
    assert.equal(blocks[2], "");
  });
});
