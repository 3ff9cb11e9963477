import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_BUNDLE_BYTES } from "#core/dag-spec.ts";
import { loadDagFile } from "../../../services/scheduler/dag-source/dag-loader.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CALM = new AbortController().signal;

describe("tasks that are functions", () => {
  const shared = sharedFleet(async fleet => {
    await Promise.all([fleet.scheduler(), fleet.worker()]);
  });

  it("are called in pods with what the run says, and what they return is their result", async () => {
    const { fleet } = shared;
    const folder = join(ROOT, "test/fixtures/dags/functions");
    const { dags, error } = await loadDagFile(join(folder, "functions.ts"), folder, CALM);
    assert.equal(error, undefined);
    const run = await fleet.start(dags[0]!);
    const { tasks } = await fleet.ended(run, 30_000);
    const outputs = await fleet.state.runs.outputs(run);
    assert.deepEqual(outputs.get("count"), { rows: 42 });
    assert.deepEqual(
      [outputs.get("each@0"), outputs.get("each@1")],
      [
        { name: "a-0", rows: 1 },
        { name: "b-1", rows: 1 },
      ],
    );
    const { state, outcome } = tasks.get("fails")!;
    assert.deepEqual([state, outcome!.code, outcome!.exitCode], ["failed", "ExitCode", 1]);
    const log = (taskId: string) => fleet.logText({ runId: run, taskId, try: 1 });
    await until(async () => (await log("count")) === "counting in the lake\n", { what: "the function's log" });
    await until(async () => /RangeError: no such table/.test(await log("fails")), { what: "the function's error" });
  });

  const scene = async (files: Record<string, string>) => {
    const dir = mkdtempSync(join(tmpdir(), "windlass-bundle-"));
    try {
      const root = join(dir, "dags");
      mkdirSync(root);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
      return await loadDagFile(join(root, "one.ts"), root, CALM);
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
  const ONE =
    'import { dag } from "windlass";\nimport { work } from "./work.ts";\nexport default dag("one", {}, d => { d.fn("a", work); });\n';

  it("whose bundle is too large is refused, naming what is large", async () => {
    const ballast = randomBytes(MAX_BUNDLE_BYTES).toString("base64");
    const { dags, error } = await scene({
      "one.ts": ONE,
      "work.ts": `const ballast = "${ballast}";\nexport const work = () => ballast.length;\n`,
    });
    assert.deepEqual([dags.length, error!.code], [0, "WL_DAG_BUNDLE_SIZE"]);
    assert.match(error!.message, /96 are allowed; the largest, unpacked: work\.ts 1\d\d KiB/);
  });

  it("that reach for what is not there when they are called are refused when the file is loaded", async () => {
    const work = 'export const work = async () => (await import("./missing.ts")).value;\n';
    const { error } = await scene({ "one.ts": ONE, "work.ts": work });
    assert.equal(error!.code, "WL_DAG_BUNDLE");
    assert.match(error!.message, /missing\.ts/);
  });

  it("that reach out of the DAG folder are refused", async () => {
    const work = 'export const work = async () => (await import("../../../etc/hostname", { with: { type: "text" } })).default;\n';
    const { error } = await scene({ "one.ts": ONE, "work.ts": work });
    assert.equal(error!.code, "WL_DAG_BUNDLE");
  });

  it("have the same bundle wherever the folder lies, so that a version is one everywhere", async () => {
    const files = { "one.ts": ONE, "work.ts": "export const work = () => 1;\n" };
    const [a, b] = [await scene(files), await scene(files)];
    assert.equal(a.dags[0]!.bundle, b.dags[0]!.bundle);
  });

  it("an ordinary DAG has none", async () => {
    const plain = 'import { dag } from "windlass";\nexport default dag("one", {}, d => { d.empty("a"); });\n';
    assert.equal((await scene({ "one.ts": plain })).dags[0]!.bundle, undefined);
  });
});
