import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { NOT_STARTED, type TaskState } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { openStage, type Stage } from "./stage.ts";

const TASKS = 5_000;
const RUNS = 25;
const GROUPS = 50;

/** A large DAG and its runs, as their records would be. */
async function fill({ fleet: { state, redis, prefix } }: Stage): Promise<void> {
  const tasks = Array.from({ length: TASKS }, (_, i) => {
    const group = `group_${String(i % GROUPS).padStart(2, "0")}`;
    return {
      id: `${group}.task_${Math.floor(i / GROUPS)}`,
      operator: "noop" as const,
      upstream: i < GROUPS ? [] : [`${group}.task_${Math.floor(i / GROUPS) - 1}`],
    };
  });
  const spec = DagSpec.parse({ id: "large", tasks });
  const version = contentHash(spec);
  await state.dags.publishDag(
    { id: "large", version, file: "large.ts", publishedAt: Date.now(), tags: [], timezone: "UTC", taskCount: TASKS },
    spec,
  );
  const keys = keysOf(prefix);
  for (let r = 0; r < RUNS; r++) {
    const id = `large~${String(r).padStart(2, "0")}`;
    const createdAt = Date.now() - (RUNS - r) * 3_600_000;
    await state.runs.createRun({ id, dagId: "large", version, trigger: { kind: "schedule" }, conf: {}, createdAt });
    await redis.hset(keys.run(id), {
      state: r % 5 === 4 ? "failed" : "success",
      rev: 2,
      startedAt: createdAt,
      endedAt: createdAt + 60_000 * (10 + (r % 7)),
    });
    const record = (i: number): string => {
      const state: TaskState =
        r % 5 === 4 && i === 777 ? "failed" : r % 5 === 4 && i > 4_000 && i % GROUPS === 27 ? "upstream_failed" : "success";
      return formatTaskRecord({
        ...NOT_STARTED,
        state,
        gen: 1,
        try: i % 91 === 0 ? 2 : 1,
        queuedAt: createdAt,
        startedAt: createdAt,
        endedAt: createdAt + 1_000,
      });
    };
    await redis.hset(keys.tasks(id), Object.fromEntries(spec.tasks.map((task, i) => [task.id, record(i)])));
  }
}

/** Scrolls the grid for sixty frames. @returns how long each took, in ms */
const SCROLL = `new Promise(resolve => {
  const box = document.querySelector(".grid-box");
  const took = [];
  let before = performance.now();
  const step = () => {
    const now = performance.now();
    took.push(now - before);
    before = now;
    box.scrollTop += 40;
    if (took.length < 60) requestAnimationFrame(step);
    else resolve(took);
  };
  requestAnimationFrame(step);
})`;

describe("the grid of a large DAG", function () {
  this.timeout(180_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage([], { idle: true });
    await fill(stage);
  });
  after(() => stage.close());

  it(`shows ${TASKS} tasks × ${RUNS} runs with as many cells as are seen`, async () => {
    const page = await stage.open("/dags/large");
    await page.locator(".cell").first().waitFor();
    const again = performance.now();
    await page.reload();
    await page.locator(".cell").first().waitFor();
    console.log(`      page and grid: ${Math.round(performance.now() - again)} ms`);
    assert.equal(await page.locator(".grid-group").count(), await page.locator(".grid-row").count(), "groups are shut at first");
    await stage.shot(page, "grid-large");

    await page.locator(".grid-group").first().click();
    await page.locator(".grid-name", { hasText: "task_1" }).first().waitFor();
    assert.ok((await page.locator(".cell").count()) < 3_000, "only what is seen is there");
    await page.waitForURL(/open=/);

    const frames = await page.evaluate<number[]>(SCROLL);
    const sorted = frames.toSorted((a, b) => a - b);
    console.log(`      frames while scrolling: median ${Math.round(sorted[30]!)} ms, longest ${Math.round(sorted.at(-1)!)} ms`);
    await page.context().close();
  });

  it("finds the task that failed, in the runs in which it did", async () => {
    const page = await stage.open("/dags/large?state=failed");
    await page.locator(".grid-group").first().waitFor();
    await page.getByLabel("Find tasks").fill("group_27.task_15");
    await page.locator(".cell-f").first().waitFor();
    assert.equal(await page.locator(".grid-row .cell-f").count(), 10, "five in the task's row and five in its group's");
    await page.context().close();
  });

  it("is walked through by keyboard, and opens a run", async () => {
    const page = await stage.open("/dags/large");
    await page.locator(".cell").first().waitFor();
    await page.locator(".grid-box").focus();
    await page.keyboard.press("Enter");
    await page.locator(".grid-name", { hasText: "task_0" }).first().waitFor();
    for (const key of ["ArrowDown", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.waitForURL(/\/runs\/large~23\?task=group_00\.task_0/);
    await page.context().close();
  });

  it("draws the graph of 1,000 and more tasks in the simple way or better, and moves it", async () => {
    const page = await stage.open("/dags/large?tab=graph");
    await page.locator(".node").first().waitFor({ timeout: 60_000 });
    await page.locator(".graph-frame").focus();
    await page.keyboard.press("0");
    await page.keyboard.press("ArrowRight");
    await page.locator(".node.selected").waitFor();
    await page.context().close();
  });

  it("asked for nothing outside and complained of nothing", () => {
    assert.deepEqual(stage.foreign, []);
    assert.deepEqual(stage.complaints, []);
  });
});
