import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDagFile } from "../../../services/scheduler/dag-source/dag-loader.ts";

const DOCS = join(import.meta.dirname, "../../..");

/** Pages whose first TypeScript block is a whole DAG file. */
const PAGES = ["docs/reference/dag-sdk.md", "dags/README.md"];

describe("the first example of", () => {
  for (const page of PAGES) {
    it(`${page} is a DAG file that loads`, async () => {
      const dir = mkdtempSync(join(tmpdir(), "windlass-example-"));
      try {
        const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(DOCS, page), "utf8"))!;
        const file = join(dir, "example.ts");
        writeFileSync(file, code!);
        const { dags, error } = await loadDagFile(file, dir, AbortSignal.timeout(20_000));
        assert.equal(error, undefined);
        assert.equal(dags.length, 1);
      } finally {
        rmSync(dir, { recursive: true });
      }
    });
  }
});
