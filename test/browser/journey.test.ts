import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { openStage, type Stage } from "./stage.ts";

const DAG = "kubernetes_sample";

describe("the sample, from trigger to green", function () {
  this.timeout(120_000);
  let stage: Stage;
  let page: Page;
  before(async () => {
    stage = await openStage([`dags/${DAG}.ts`]);
    page = await stage.open(`/dags/${DAG}`);
  });
  after(() => stage.close());

  it("is triggered", async () => {
    await page.getByRole("button", { name: "Trigger", exact: true }).click();
    const dialog = page.getByRole("dialog");
    if (await dialog.isVisible()) await dialog.getByRole("button", { name: /^Trigger/ }).click();
    const run = await until(async () => (await stage.fleet.state.runs.listRuns({ limit: 1 }))[0], {
      deadlineMs: 15_000,
      what: "the run",
    });
    await page.goto(`${stage.url}/runs/${encodeURIComponent(run.id)}`);
  });

  it("shows what is green and what is red, without a reload", async () => {
    await page.locator(".page-title .state-badge", { hasText: "failed" }).waitFor({ timeout: 60_000 });
    const rows = page.locator(".gantt-row");
    const states: Record<string, string | null> = {};
    for (const row of await rows.all())
      states[(await row.locator(".cut").textContent()) ?? ""] = await row.locator("[data-state]").getAttribute("data-state");
    assert.deepEqual(states, { run_this_first: "success", "passing-task": "success", "failing-task": "failed" });
  });

  it("says in one sentence what failed and why", async () => {
    const verdict = (await page.locator(".verdict").textContent()) ?? "";
    assert.match(
      verdict,
      /^failing-task failed: container "main" could not be started — exec: "python": .*not found.*\(StartError, exit 128\), try 2 of 2/,
    );
  });

  it("has the task that failed selected, with its log", async () => {
    assert.equal(await page.locator(".task-panel h2").textContent(), "failing-task");
    await page.locator(".log-line", { hasText: "StartError" }).first().waitFor();
  });

  it("shows the other task's log at a click", async () => {
    await page.getByRole("option", { name: /passing-task/ }).click();
    await page.locator(".log-line", { hasText: "hello world" }).waitFor();
    await page.waitForURL(/task=passing-task/);
  });

  it("becomes green: the file is corrected, and what failed is cleared with the newest version", async () => {
    const file = join(stage.fleet.dagsDir, `${DAG}.ts`);
    const before = (await stage.fleet.state.dags.getDag(DAG))!.version;
    writeFileSync(file, readFileSync(file, "utf8").replace("debian:12-slim", "python:3.11-slim"));
    await until(async () => (await stage.fleet.state.dags.getDag(DAG))!.version !== before, {
      deadlineMs: 15_000,
      what: "the new version",
    });

    await page.locator(".page-head").getByRole("button", { name: "Clear" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("With which version of the DAG").selectOption("newest");
    await dialog
      .getByText(/1 task/)
      .first()
      .waitFor();
    await dialog.getByRole("button", { name: /^Clear/ }).click();
    await page.locator(".page-title .state-badge", { hasText: "success" }).waitFor({ timeout: 60_000 });
    assert.match((await page.locator(".verdict").textContent()) ?? "", /All 3 tasks succeeded/);
  });

  it("tells who did it", async () => {
    await page.getByRole("tab", { name: "Events" }).click();
    await page.locator(".event-text", { hasText: "cleared failing-task" }).waitFor();
    await stage.shot(page, "journey-events");
  });

  it("asked for nothing outside and complained of nothing", () => {
    assert.deepEqual(stage.foreign, []);
    assert.deepEqual(stage.complaints, []);
  });
});
