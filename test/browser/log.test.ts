import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { failed } from "#core/outcome.ts";
import { NOT_STARTED } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { openStage, type Stage } from "./stage.ts";

const LINES = 200_000;
const NEEDLE = 123_456;

/** A run whose only task has failed, as its records would be: nobody else writes its log. */
async function failedRun({ fleet: { state, redis, prefix } }: Stage): Promise<string> {
  const spec = DagSpec.parse({ id: "logs", tasks: [{ id: "long", operator: "pod", pod: { image: "busybox:1.36" } }] });
  const [id, version] = ["logs~1", contentHash(spec)];
  await state.dags.putSpec(version, spec);
  await state.runs.createRun({ id, dagId: "logs", version, trigger: { kind: "manual" }, conf: {}, createdAt: Date.now() });
  const keys = keysOf(prefix);
  const [startedAt, endedAt] = [Date.now() - 60_000, Date.now()];
  const how = {
    try: 1,
    infra: 0,
    state: "failed" as const,
    startedAt,
    endedAt,
    outcome: failed("ExitCode", "user", "the program exited with 1", 1),
  };
  await redis.hset(keys.run(id), { state: "failed", rev: 2, startedAt, endedAt });
  await redis.hset(keys.tasks(id), "long", formatTaskRecord({ ...NOT_STARTED, gen: 1, ...how }));
  await redis.hset(keys.tries(id), "long/1.0", JSON.stringify(how));
  return id;
}

describe("the log viewer", function () {
  this.timeout(120_000);
  let stage: Stage;
  let runId = "";
  before(async () => {
    stage = await openStage([], { idle: true });
    runId = await failedRun(stage);
    const writer = await stage.fleet.logs.openWriter({ runId, taskId: "long", try: 1 });
    const startAt = Date.parse("2026-11-24T20:00:00Z");
    for (let n = 1; n <= LINES; n++) {
      const text =
        n === NEEDLE
          ? "\u001b[31mERROR\u001b[0m the needle"
          : `line ${n}: orders are copied from stage to warehouse, batch ${n % 97}`;
      if (!writer.write({ ts: new Date(startAt + n * 5).toISOString().replace("Z", "000000Z"), text })) await writer.flush();
    }
    await writer.close();
  });
  after(() => stage.close());

  const rows = (page: Page): Promise<number> => page.locator(".log-line").count();
  const tell = (what: string, fromMs: number): void => console.log(`      ${what}: ${Math.round(performance.now() - fromMs)} ms`);

  it(`opens ${LINES} lines with less than 200 rows, and finds line ${NEEDLE}`, async () => {
    const page = await stage.open(`/runs/${encodeURIComponent(runId)}/tasks/long`);
    await page.locator(".log-line").first().waitFor();
    const again = performance.now();
    await page.reload();
    await page.locator(".log-text").first().waitFor();
    tell("page and log", again);
    assert.ok((await rows(page)) < 200, "only what is seen is there");

    const from = performance.now();
    await page.keyboard.press("/");
    await page.keyboard.type("the needle");
    await page.locator(".log-found", { hasText: "1" }).waitFor();
    await page.keyboard.press("Enter");
    const found = page.locator(`[data-line="${NEEDLE}"]`);
    await found.locator("mark").waitFor();
    tell("typed, searched, found, shown", from);
    assert.match((await found.textContent()) ?? "", /the needle/);
    assert.equal(await found.locator("mark").textContent(), "the needle");
    assert.equal(await found.locator(".ansi-red").textContent(), "ERROR");
    assert.ok((await rows(page)) < 200);
    await stage.shot(page, "log-found");
    await page.context().close();
  });

  it("opens at the line of an address, and names the line that is chosen", async () => {
    const page = await stage.open(`/runs/${encodeURIComponent(runId)}/tasks/long#L100000`);
    const line = page.locator('[data-line="100000"]');
    await line.waitFor();
    assert.match((await line.getAttribute("class")) ?? "", /chosen/);
    await page.getByRole("link", { name: "Line 100003" }).click();
    await page.waitForURL(/#L100003$/);
    assert.match((await page.locator('[data-line="100003"]').getAttribute("class")) ?? "", /chosen/);
    await page.context().close();
  });

  it("goes to the end and back by keyboard", async () => {
    const page = await stage.open(`/runs/${encodeURIComponent(runId)}/tasks/long#L1`);
    await page.locator('[data-line="1"]').waitFor();
    await page.locator(".log-box").focus();
    await page.keyboard.press("End");
    await page.locator(`[data-line="${LINES}"]`).waitFor();
    await page.keyboard.press("Home");
    await page.locator('[data-line="1"]').waitFor();
    assert.ok((await rows(page)) < 200);
    await page.context().close();
  });

  it("asked for nothing outside and complained of nothing", () => {
    assert.deepEqual(stage.foreign, []);
    assert.deepEqual(stage.complaints, []);
  });
});

describe("a log that grows", function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.close());

  it("is followed to its end, also over a restart of the server", async () => {
    const script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo tick $i; sleep 0.5; done";
    const runId = await stage.fleet.start({
      id: "ticks",
      tasks: [{ id: "clock", operator: "pod", pod: { image: "busybox:1.36", command: ["sh", "-c", script] } }],
    });
    await stage.fleet.taskIn(runId, "clock", "running");
    const page = await stage.open(`/runs/${encodeURIComponent(runId)}/tasks/clock`);
    await page.getByText("tick 2", { exact: true }).waitFor();
    await stage.restartDashboard();
    await page.getByText("tick 12", { exact: true }).waitFor({ timeout: 30_000 });
    const texts = await page.locator(".log-text").allTextContents();
    assert.deepEqual(
      texts.filter(text => text.startsWith("tick")),
      Array.from({ length: 12 }, (_, i) => `tick ${i + 1}`),
      "each once, in order",
    );
    await page.locator(".page-title .state-badge", { hasText: "success" }).waitFor({ timeout: 20_000 });
    await page.context().close();
  });
});
