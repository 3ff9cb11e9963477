import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { openStage, type Stage } from "./stage.ts";

const DAG = "orders_nightly";
const soon = { deadlineMs: 20_000 };

describe("what people do, with nothing but a keyboard", function () {
  this.timeout(180_000);
  let stage: Stage;
  let page: Page;
  const failed: string[] = [];
  before(async () => {
    stage = await openStage([`test/fixtures/browser/${DAG}.ts`, "dags/approval.ts"]);
    for (let i = 0; i < 2; i++) {
      const id = await stage.trigger(DAG, { duplicates: true });
      await stage.fleet.ended(id, 60_000);
      failed.push(id);
    }
    page = await stage.open("/");
  });
  after(() => stage.close());

  const runs = () => stage.fleet.state.runs.listRuns({ limit: 50 });
  const type = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Opens the palette, and carries out what the words find first. */
  const say = async (words: string): Promise<void> => {
    await type("Control+k");
    const input = page.getByPlaceholder("DAG, run, page or action");
    await input.waitFor();
    await page.locator("[cmdk-group][data-value=DAGs]").waitFor();
    await page.keyboard.type(words);
    await page.locator("[cmdk-item][data-selected=true]").waitFor();
    await type("Enter");
  };
  const dialog = () => page.getByRole("dialog");
  const checkDialog = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      [],
    );
  };

  it("sees what is broken first, with how often and since when", async () => {
    const row = page.locator(".failure").first();
    await row.waitFor();
    const text = (await row.textContent()) ?? "";
    assert.match(text, /orders_nightly›load/);
    assert.match(text, /2× since/);
  });

  it("goes to a DAG by a few letters", async () => {
    await say(DAG.slice(0, 6));
    await page.waitForURL(new RegExp(`/dags/${DAG}`));
    await page.getByRole("heading", { name: DAG }).waitFor();
  });

  it("starts it with parameters: a form from its schema, whose mistakes stand at their fields", async () => {
    await say("with parameters");
    await dialog().getByText(`Start ${DAG}`).waitFor();
    await checkDialog();
    await dialog().getByRole("button", { name: "As JSON" }).press("Enter");
    const text = dialog().getByLabel("Parameters as JSON");
    await text.fill('{"duplicates": "many"}');
    await dialog().getByRole("button", { name: "Start" }).press("Enter");
    await dialog()
      .getByText(/duplicates/)
      .first()
      .waitFor();
    await text.fill('{"duplicates": false}');
    await dialog().getByRole("button", { name: "Start" }).press("Enter");
    await page.waitForURL(/\/runs\//);
    const [last] = await runs();
    assert.deepEqual(last?.conf.duplicates, false);
    await stage.fleet.ended(last!.id, 60_000);
  });

  it("clears what failed in several runs at once, after their dry run has been counted", async () => {
    await say("runs");
    await page.waitForURL(/\/runs$/);
    for (const id of failed) await page.getByRole("checkbox", { name: id }).press("Space");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Act on them" }).press("Enter");
    await page.getByRole("menuitem", { name: "Clear" }).press("Enter");
    await dialog()
      .getByText(/6 tasks/)
      .first()
      .waitFor();
    await checkDialog();
    await dialog()
      .getByRole("button", { name: /^Clear/ })
      .press("Enter");
    await dialog().waitFor({ state: "hidden" });
    for (const id of failed) {
      const acted = await until(
        async () => (await stage.fleet.state.runs.history(id)).find(({ type: kind }) => kind === "run.acted"),
        { ...soon, what: `the act in ${id}` },
      );
      assert.equal(acted.by, "anonymous");
    }
    // They fail again: their parameters are the same.
    await Promise.all(failed.map(id => stage.fleet.ended(id, 60_000)));
  });

  it("gives the focus back where it was, and Escape does nothing else", async () => {
    const button = page
      .locator("tr", { has: page.getByRole("checkbox", { name: failed[0]! }) })
      .getByRole("button", { name: "Actions" });
    await button.press("Enter");
    await page.getByRole("menuitem", { name: "Mark as success" }).press("Enter");
    await dialog().waitFor();
    await type("Escape");
    await dialog().waitFor({ state: "hidden" });
    assert.equal((await stage.fleet.state.runs.getSummary(failed[0]!))?.state, "failed");
  });

  it("answers a task that asks", async () => {
    const id = await stage.trigger("approval");
    await say("now");
    await page.getByRole("button", { name: "Decide" }).press("Enter");
    await dialog().getByRole("button", { name: "Approve" }).waitFor();
    await checkDialog();
    await dialog().getByLabel("Note").fill("looks right");
    await dialog().getByRole("button", { name: "Approve" }).press("Enter");
    await stage.fleet.ended(id, 60_000);
    assert.equal((await stage.fleet.state.runs.getTask(id, "publish"))?.state, "success");
  });

  it("pauses a DAG and lets it go on", async () => {
    await say("dags");
    await page.waitForURL(/\/dags$/);
    const toggle = page.getByRole("switch", { name: `${DAG} starts by itself` });
    for (const [isOn, paused] of [
      ["false", true],
      ["true", false],
    ] as const) {
      await toggle.press("Space");
      await page.locator(`[role=switch][aria-label^="${DAG}"][aria-checked=${isOn}]`).waitFor();
      assert.equal((await stage.fleet.state.dags.getDag(DAG))?.paused, paused);
    }
  });

  it("keeps filters in the address", async () => {
    await page.getByRole("searchbox", { name: "Name, tag, owner" }).fill("approval");
    await page.waitForURL(/q=approval/);
    await page.reload();
    await page.getByText("1 of 2").waitFor();
    assert.equal(await page.locator("tbody tr").count(), 1);
  });

  it("sees times in the zone of its choice, on every page and after a reload", async () => {
    await page.goto(`${stage.url}/runs`);
    await page.getByRole("button", { name: "UTC", exact: true }).press("Enter");
    await page.reload();
    assert.equal(await page.getByRole("button", { name: "UTC", exact: true }).getAttribute("aria-pressed"), "true");
    const shown = (await page.locator("tbody time").last().textContent()) ?? "";
    const iso = (await page.locator("tbody time").last().getAttribute("datetime")) ?? "";
    assert.ok(iso.includes(shown) || shown.endsWith(iso.slice(11, 16)), `${shown} is ${iso} in UTC`);
  });

  it("asked for nothing outside and complained of nothing", () => {
    assert.deepEqual([stage.foreign, stage.complaints], [[], []]);
  });
});

describe("a page whose server goes away", function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage(["dags/kubernetes_sample.ts"], { idle: false });
  });
  after(() => stage.close());

  it("says so, keeps what it shows, and goes on when the server is back", async () => {
    const page = await stage.open("/dags");
    await page.getByRole("link", { name: "kubernetes_sample" }).first().waitFor();
    const restarted = stage.restartDashboard();
    await restarted;
    await page.getByRole("link", { name: "kubernetes_sample" }).first().waitFor();
    await stage.trigger("kubernetes_sample");
    await page.locator(".last-run").first().waitFor({ timeout: 20_000 });
    await page.locator(".offline").waitFor({ state: "hidden" });
  });

  it("shows the banner as long as nobody answers", async () => {
    const page = await stage.open("/dags");
    await page.getByRole("link", { name: "kubernetes_sample" }).first().waitFor();
    await page.route("**/api/v1/**", route => route.abort());
    await page.locator(".offline", { hasText: "The server does not answer" }).waitFor({ timeout: 20_000 });
    assert.equal(await page.getByRole("link", { name: "kubernetes_sample" }).first().isVisible(), true);
    await page.unroute("**/api/v1/**");
    await page.locator(".offline").waitFor({ state: "hidden", timeout: 20_000 });
  });
});
