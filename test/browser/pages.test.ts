import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { openStage, type Stage, type Theme } from "./stage.ts";

const encode = encodeURIComponent;

/** Every page, with what has to be there before it is looked at. */
const PAGES = (orders: string, etl: string): readonly (readonly [name: string, path: string, wait: string])[] => [
  ["now", "/", "h1"],
  ["dags", "/dags", "table"],
  ["dag-grid", "/dags/orders_nightly", ".cell"],
  ["dag-graph", "/dags/orders_nightly?tab=graph", ".node"],
  ["dag-runs", "/dags/orders_nightly?tab=runs", "table"],
  ["dag-calendar", "/dags/orders_nightly?tab=calendar", "h1"],
  ["dag-durations", "/dags/orders_nightly?tab=durations", "h1"],
  ["dag-backfills", "/dags/orders_nightly?tab=backfills", "h1"],
  ["dag-code", "/dags/orders_nightly?tab=code", "h1"],
  ["dag-events", "/dags/orders_nightly?tab=events", "h1"],
  ["runs", "/runs", "table"],
  ["run", `/runs/${encode(orders)}`, ".log-line"],
  ["run-graph", `/runs/${encode(orders)}?tab=graph`, ".node"],
  ["run-graph-task", `/runs/${encode(orders)}?tab=graph&task=load`, ".log-line"],
  ["run-tasks", `/runs/${encode(orders)}?tab=tasks`, "table"],
  ["run-events", `/runs/${encode(orders)}?tab=events`, ".event"],
  ["run-params", `/runs/${encode(orders)}?tab=params`, "pre"],
  ["run-outputs", `/runs/${encode(etl)}?tab=outputs`, "pre"],
  ["task-logs", `/runs/${encode(orders)}/tasks/load`, ".log-line"],
  ["task-pod", `/runs/${encode(orders)}/tasks/join?tab=pod`, ".phase"],
  ["task-why", `/runs/${encode(orders)}/tasks/report?tab=why`, ".why li"],
  ["task-params", `/runs/${encode(orders)}/tasks/extract.fetch_orders?tab=params`, ".rendered"],
  ["task-outputs", `/runs/${encode(etl)}/tasks/extract?tab=outputs`, "pre"],
  ["task-earlier", `/runs/${encode(orders)}/tasks/load?tab=earlier`, "table"],
  ["task-instances", `/runs/${encode(etl)}/tasks/load.clean`, ".instances table"],
  ["tasks", "/tasks", "h1"],
  ["backfills", "/backfills", "h1"],
  ["assets", "/assets", "h1"],
  ["adhoc", "/adhoc", "h1"],
  ["workers", "/workers", "h1"],
  ["pools", "/pools", "h1"],
  ["variables", "/variables", "h1"],
  ["unknown", "/no/such/page", "h1"],
];

describe("every page", function () {
  this.timeout(300_000);
  let stage: Stage;
  let pages: ReturnType<typeof PAGES> = [];
  before(async () => {
    stage = await openStage(["dags/etl.ts", "dags/kubernetes_sample.ts", "test/fixtures/browser/orders_nightly.ts"]);
    for (const duplicates of [false, true, false, false])
      await stage.fleet.ended(await stage.trigger("orders_nightly", { duplicates }), 60_000);
    const [etl, orders] = [await stage.trigger("etl"), await stage.trigger("orders_nightly")];
    await Promise.all([stage.fleet.ended(etl, 60_000), stage.fleet.ended(orders, 60_000)]);
    pages = PAGES(orders, etl);
  });
  after(() => stage.close());

  for (const theme of ["light", "dark"] as const satisfies readonly Theme[]) {
    it(`can be used by everybody, ${theme}`, async () => {
      const found: string[] = [];
      for (const [name, path, wait] of pages) {
        const page = await stage.open(path, { theme });
        const isThere = await page
          .locator(wait)
          .first()
          .waitFor({ timeout: 15_000 })
          .then(
            () => true,
            () => false,
          );
        if (!isThere) found.push(`${name}: ${wait} did not appear`);
        await stage.shot(page, `${name}-${theme}`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, impact, nodes } of violations)
          if (impact === "serious" || impact === "critical")
            found.push(
              `${name}: ${id} ${nodes
                .slice(0, 3)
                .map(node => node.target.join(" "))
                .join(" | ")}`,
            );
        await page.context().close();
      }
      assert.deepEqual(found, []);
    });
  }

  it("asks for nothing outside and complains of nothing", () => {
    assert.deepEqual(stage.foreign, []);
    assert.deepEqual(stage.complaints, []);
  });
});
