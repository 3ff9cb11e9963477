import assert from "node:assert/strict";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

describe("dashboard: pages", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard();
  });
  afterEach(() => dashboard.close());

  const page = async (path = "/"): Promise<string> => {
    const { headers, text } = await dashboard.ask(path);
    assert.equal(headers.get("content-type"), "text/html; charset=utf-8");
    return text;
  };

  it("shows DAGs, the latest runs with their tasks, and files that are broken", async () => {
    await dashboard.publish({
      id: "sample",
      schedule: { cron: ["0 5 * * *"] },
      tasks: [{ id: "load-it", operator: "pod", pod: { image: "a" } }],
    });
    await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: "today" } });
    await dashboard.state.dags.replaceImportErrors([
      { file: "bad.ts", line: 3, code: "WL_DAG_CYCLE", message: "a → b → a", at: 0 },
    ]);
    const text = await page();
    const expected = [
      /<strong>sample<\/strong>/,
      /0 5 \* \* \* \(UTC\)/,
      /data-method="POST" data-url="\/api\/v1\/dags\/sample\/runs">Run now</,
      /<strong>sample~today<\/strong>/,
      /href="\/runs\/sample~today"/,
      /<span class="state queued"><span aria-hidden="true">◷<\/span> queued<\/span>/,
      /<strong>load-it<\/strong>/,
      /bad\.ts:3.*WL_DAG_CYCLE.*a → b → a/s,
      /No worker is alive/,
    ];
    for (const one of expected) assert.match(text, one);
  });

  it("has a page for one run", async () => {
    await dashboard.publish({ id: "sample", tasks: [{ id: "load-it", operator: "noop" }] });
    await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: "today", conf: { day: "<1>" } } });
    const text = await page("/runs/sample~today");
    assert.match(text, /data-view="sample~today"/);
    assert.match(text, /&quot;day&quot;: &quot;&lt;1&gt;&quot;/);
    const missing = await dashboard.ask("/runs/sample~none");
    assert.deepEqual([missing.status, /there is no run &#39;sample~none&#39;/.test(missing.text)], [404, true]);
  });

  it("lets no text of others become markup", async () => {
    const evil = `"><script>alert(1)</script>`;
    await dashboard.publish({ id: "sample", description: evil, owner: evil, tasks: [{ id: "a", operator: "noop" }] });
    await dashboard.state.dags.replaceImportErrors([{ file: evil, code: evil, message: evil, at: 0 }]);
    await dashboard.state.runs.createRun({
      id: `sample~${evil}`,
      dagId: "sample",
      version: evil,
      trigger: { kind: "manual", by: evil },
      conf: {},
      createdAt: 1,
    });
    for (const text of [await page(), await page(`/runs/${encodeURIComponent(`sample~${evil}`)}`)])
      assert.doesNotMatch(text, /<script>alert/);
  });

  it("has no inline script, and its files are there", async () => {
    const text = await page();
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)|\son[a-z]+=/);
    for (const [file, type] of [
      ["/page.js", "text/javascript"],
      ["/render.js", "text/javascript"],
      ["/page.css", "text/css"],
    ] as const) {
      const { status, headers } = await dashboard.ask(file);
      assert.deepEqual([status, headers.get("content-type")], [200, `${type}; charset=utf-8`], file);
    }
  });
});
