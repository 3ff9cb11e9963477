import assert from "node:assert/strict";
import type { DagLineReply, RunBarReply } from "#contract/dag-line.ts";
import type { OverviewHealthReply, RunLineReply } from "#contract/overview.ts";
import type { RunReply } from "#contract/run.ts";
import { count, flag, oneOf, searchOf, text } from "../../../services/dashboard/web/api/search-of.ts";
import { calendarYear, dayLook } from "../../../services/dashboard/web/dag/calendar-year.ts";
import { durationChart } from "../../../services/dashboard/web/dag/duration-chart.ts";
import { lineDiff } from "../../../services/dashboard/web/dag/line-diff.ts";
import { filterDags, orderDags } from "../../../services/dashboard/web/dags/dag-filter.ts";
import { isUnder, STALE_BY } from "../../../services/dashboard/web/live/stale-by.ts";
import { healthSigns, worstOf } from "../../../services/dashboard/web/now/health.ts";
import { timelineRows } from "../../../services/dashboard/web/now/timeline-rows.ts";
import { findEntries, type PaletteEntry } from "../../../services/dashboard/web/shell/palette-entry.ts";

const at = (time: string): string => `2026-11-25T${time}:00.000Z`;
const line = (id: string, more: Partial<RunLineReply> = {}): RunLineReply => ({
  id,
  dagId: id.split("~")[0]!,
  state: "success",
  kind: "schedule",
  createdAt: at("01:00"),
  ...more,
});

const bar = (id: string, state: RunBarReply["state"] = "success"): RunBarReply => ({
  id,
  state,
  kind: "schedule",
  at: at("01:00"),
});

describe("web: addresses", () => {
  const read = searchOf({ q: text, state: oneOf("failed", "success"), down: flag, year: count });
  for (const [raw, expected] of [
    [{}, {}],
    [
      { q: "a", state: "failed", down: "true", year: "2026" },
      { q: "a", state: "failed", down: true, year: 2026 },
    ],
    [{ q: 12, state: "odd", down: false, year: -1 }, { q: "12" }],
    [{ q: "", year: "1.5", other: "x" }, {}],
  ] as const)
    it(JSON.stringify(raw), () => assert.deepEqual(read(raw), expected));
});

describe("web: what an event makes stale", () => {
  const keys = [
    ["runs", {}],
    ["run", "a~1"],
    ["run", "b~1"],
    ["dag", "a", "grid"],
    ["dag", "b"],
    ["pools"],
    ["workers"],
    ["overview"],
  ];
  const staleBy = (name: string, event: object): string[] => {
    const starts = STALE_BY[name]?.(event) ?? [];
    return keys
      .filter(key => starts.some(start => isUnder(key, start)))
      .map(key =>
        key
          .slice(0, 2)
          .filter(part => typeof part === "string")
          .join(" "),
      );
  };
  it("of a run: its lists, itself, its DAG", () =>
    assert.deepEqual(staleBy("run", { runId: "a~1", dagId: "a" }), ["runs", "run a~1", "dag a", "overview"]));
  it("of a task: no list of runs", () =>
    assert.deepEqual(staleBy("task", { runId: "b~1", dagId: "b" }), ["run b~1", "dag b", "overview"]));
  it("of a pool: the pools", () => assert.deepEqual(staleBy("pool", {}), ["pools"]));
  it("of something unknown: nothing", () => assert.deepEqual(staleBy("moon", {}), []));
});

describe("web: the list of DAGs", () => {
  const dag = (id: string, more: Partial<DagLineReply> = {}): DagLineReply => ({
    id,
    version: "v",
    file: `${id}.ts`,
    paused: false,
    publishedAt: at("00:00"),
    tags: [],
    timezone: "UTC",
    taskCount: 1,
    links: { self: "", runs: "" },
    lastRuns: [],
    active: 0,
    ...more,
  });
  const all = [
    dag("alpha", { tags: ["nightly"], lastRuns: [bar("alpha~1")], p50Ms: 20 }),
    dag("beta", { owner: "ops", lastRuns: [bar("beta~1", "failed")], p50Ms: 10 }),
    dag("gamma", { paused: true, description: "The nightly copy" }),
    dag("delta", { active: 1, lastRuns: [bar("delta~1", "running")] }),
    dag("old", { removedAt: at("00:00") }),
  ];
  const ids = (dags: readonly DagLineReply[]): string[] => dags.map(({ id }) => id);

  for (const [filter, expected] of [
    [{ q: "NIGHTLY" }, ["alpha", "gamma"]],
    [{ q: "nightly copy" }, ["gamma"]],
    [{ owner: "ops" }, ["beta"]],
    [{ tag: "nightly" }, ["alpha"]],
    [{ state: "failed" }, ["beta"]],
    [{ show: "paused" }, ["gamma"]],
    [{ show: "removed" }, ["old"]],
  ] as const)
    it(`shows of ${JSON.stringify(filter)} only ${expected}`, () => assert.deepEqual(ids(filterDags(all, filter)), expected));

  it("has what failed first, then what runs, then the others, paused ones last", () =>
    assert.deepEqual(ids(orderDags(all, undefined)), ["beta", "delta", "alpha", "old", "gamma"]));
  it("leaves absent values for the end, whichever way", () => {
    assert.deepEqual(ids(orderDags(all, { by: "p50", down: false })).slice(0, 2), ["beta", "alpha"]);
    assert.deepEqual(ids(orderDags(all, { by: "p50", down: true })).slice(0, 2), ["alpha", "beta"]);
  });
});

describe("web: the timeline", () => {
  it("places runs and coming ones, what failed first", () => {
    const rows = timelineRows(
      {
        fromAt: at("00:00"),
        untilAt: at("08:00"),
        runs: [
          line("good~1", { startedAt: at("02:00"), endedAt: at("04:00") }),
          line("bad~1", { state: "failed", startedAt: at("00:00"), endedAt: at("01:00") }),
          line("long~1", { state: "running", startedAt: "2026-11-24T20:00:00.000Z" }),
        ],
        coming: [{ dagId: "good", startsAt: at("07:00") }],
      },
      Date.parse(at("06:00")),
    );
    assert.deepEqual(
      rows.map(({ dagId, bars, coming }) => [dagId, bars.map(({ from, until }) => [from, until]), coming.map(({ x }) => x)]),
      [
        ["bad", [[0, 0.125]], []],
        ["long", [[0, 0.75]], []],
        ["good", [[0.25, 0.5]], [0.875]],
      ],
    );
  });
});

describe("web: health", () => {
  const well: OverviewHealthReply = {
    scheduler: { leader: "a:1", unread: 0 },
    workers: { alive: 2, draining: 0, held: 3, slots: 10, unserved: [] },
    redis: { answeredMs: 0.4 },
    waiting: { count: 0 },
  };
  const now = Date.parse(at("06:00"));
  const table: readonly (readonly [change: Partial<OverviewHealthReply>, part: string, tone: string, saying: RegExp])[] = [
    [{ scheduler: { unread: 0 } }, "Scheduler", "bad", /No scheduler leads/],
    [{ scheduler: { leader: "a:1", unread: 5_000 } }, "Scheduler", "warn", /5000 messages behind/],
    [{ workers: { ...well.workers, alive: 0 } }, "Workers", "bad", /No worker is alive/],
    [{ workers: { ...well.workers, unserved: ["gpu"] } }, "Workers", "warn", /No worker takes from gpu/],
    [{ workers: { ...well.workers, held: 10 } }, "Workers", "warn", /All slots/],
    [{ redis: { answeredMs: 250 } }, "Redis", "warn", /slowly/],
    [{ waiting: { count: 1, oldestAt: at("05:00") } }, "Waiting", "warn", /wait long/],
  ];
  it("is good", () =>
    assert.deepEqual(
      healthSigns(well, now).map(({ tone }) => tone),
      ["good", "good", "good", "good"],
    ));
  for (const [change, part, tone, saying] of table)
    it(`${part}: ${saying.source}`, () => {
      const worst = worstOf({ ...well, ...change }, now);
      assert.deepEqual([worst.part, worst.tone], [part, tone]);
      assert.match(worst.saying ?? "", saying);
    });
});

describe("web: charts of one DAG", () => {
  const run = (id: string, state: RunReply["state"], times: Partial<RunReply>): RunReply => ({
    id,
    dagId: "a",
    version: "v",
    state,
    trigger: { kind: "schedule" },
    conf: {},
    createdAt: at("01:00"),
    links: { self: "", ui: "", cancel: "" },
    ...times,
  });

  it("has a bar for each run, the oldest first, with what it waited", () => {
    const { bars, medianMs } = durationChart(
      [
        run("a~2", "running", { createdAt: at("02:00"), startedAt: at("02:01") }),
        run("a~1", "success", { startedAt: at("01:02"), endedAt: at("01:07") }),
        run("a~0", "queued", {}),
      ],
      Date.parse(at("02:10")),
    );
    assert.deepEqual(
      bars.map(({ id, waitedMs, ranMs }) => [id, waitedMs / 60_000, ranMs / 60_000]),
      [
        ["a~0", 70, 0],
        ["a~1", 2, 5],
        ["a~2", 1, 9],
      ],
    );
    assert.equal(medianMs, 300_000);
  });

  it("lays a year out in weeks that begin on Monday", () => {
    const days = calendarYear(2026, [{ day: "2026-01-05", success: 1, failed: 1, cancelled: 0, live: 0 }]);
    assert.equal(days.length, 365);
    assert.equal(calendarYear(2028, []).length, 366);
    const found = days.filter(({ day }) => ["2026-01-01", "2026-01-05", "2026-12-31"].includes(day));
    assert.deepEqual(
      found.map(({ week, weekday }) => [week, weekday]),
      [
        [0, 3],
        [1, 0],
        [52, 3],
      ],
    );
    assert.deepEqual(found.map(dayLook), [
      { kind: "none", failedShare: 0 },
      { kind: "mixed", failedShare: 0.5 },
      { kind: "none", failedShare: 0 },
    ]);
  });
});

describe("web: a diff of texts", () => {
  const signs = { same: " ", added: "+", removed: "-", skipped: "~" } as const;
  const diff = (before: string, after: string): string =>
    lineDiff(before, after)
      .map(({ kind, text }) => `${signs[kind]}${text}`)
      .join("\n");
  for (const [before, after, expected] of [
    ["a\nb", "a\nb", "~2 lines that are the same"],
    ["a\nb\nc", "a\nx\nc", " a\n-b\n+x\n c"],
    ["a", "a\nb", " a\n+b"],
    ["a\nb", "b", "-a\n b"],
    ["1\n2\n3\n4\n5\n6\n7", "1\n2\n3\n4\n5\n6\nx", "~3 lines that are the same\n 4\n 5\n 6\n-7\n+x"],
  ] as const)
    it(`${JSON.stringify(before)} → ${JSON.stringify(after)}`, () => assert.equal(diff(before, after), expected));
});

describe("web: the palette", () => {
  const icon = (() => null) as unknown as PaletteEntry["icon"];
  const entry = (group: PaletteEntry["group"], label: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
    id: label,
    group,
    label,
    icon,
    run: () => undefined,
    ...more,
  });
  const entries = [
    entry("Pages", "Runs"),
    entry("DAGs", "night_orders", { words: "sales ops" }),
    entry("DAGs", "orders", { hint: "From the shop" }),
    entry("Actions", "Trigger orders", { isHidden: true }),
    ...Array.from({ length: 20 }, (_, i) => entry("Runs", `orders~${i}`, { isHidden: true })),
  ];
  const labelsOf = (typed: string): string[] => [...findEntries(entries, typed).values()].flat().map(({ label }) => label);

  for (const [typed, expected] of [
    ["", ["Runs", "night_orders", "orders"]],
    ["SHOP", ["orders"]],
    ["sales night", ["night_orders"]],
    ["trigger ord", ["Trigger orders"]],
    ["nothing", []],
  ] as const)
    it(`finds by '${typed}' ${expected.join(", ") || "nothing"}`, () => assert.deepEqual(labelsOf(typed), expected));

  it("has what begins with the word first, and no more of a group than one can look at", () => {
    const found = findEntries(entries, "orders");
    assert.deepEqual([found.get("DAGs")?.map(({ label }) => label), found.get("Runs")?.length], [["orders", "night_orders"], 8]);
  });
});
