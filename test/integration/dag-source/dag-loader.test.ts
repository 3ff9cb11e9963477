import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoadResult, loadDagFile } from "../../../services/scheduler/dag-source/dag-loader.ts";

const ROOT = fileURLToPath(new URL("../../fixtures/dags", import.meta.url));
const LIMITS = { timeoutMs: 10_000, heapBytes: 64 * 2 ** 20, replyBytes: 2 ** 20 };

const load = (file: string, limits = LIMITS): Promise<LoadResult> =>
  loadDagFile(join(ROOT, file), ROOT, new AbortController().signal, limits);

describe("DAG loader", () => {
  it("reads a list as default and DAGs by name, with helpers, and says what was imported", async () => {
    const { dags, imports, output, error } = await load("good/list-and-named.ts");
    assert.equal(error, undefined);
    assert.deepEqual(
      dags.map(spec => spec.id),
      ["first", "second", "third"],
    );
    assert.deepEqual(imports.map(path => path.slice(ROOT.length)).toSorted(), ["/good/lib/image.ts", "/good/list-and-named.ts"]);
    assert.match(output, /does no harm \(no environment\)/);
    assert.match(output, /nor what it complains about/);
  });

  const good: readonly (readonly [file: string, ids: readonly string[]])[] = [
    ["good/plain.js", ["plain"]],
    ["good/no-dag-in-it.ts", []],
    ["good/busy.ts", ["busy"]],
    ["good/template.ts", ["template"]],
    ["good/operator.ts", ["operator"]],
  ];
  for (const [file, ids] of good) {
    it(`reads ${file}`, async () => {
      const { dags, error } = await load(file);
      assert.deepEqual([dags.map(spec => spec.id), error], [ids, undefined]);
    });
  }

  const bad: readonly (readonly [file: string, code: string, line: number | undefined, message: RegExp])[] = [
    ["unknown-output.ts", "WL_DAG_TYPE", 6, /tasks\.extract\.output has no 'row'; did you mean 'rows'\?/],
    ["template.ts", "WL_DAG_TYPE", 4, /^task 'train': spec\.containers\.0: unknown field 'imge'/],
    ["cycle.ts", "WL_DAG_CYCLE", 9, /a → b → c → a|b → c → a → b|c → a → b → c/],
    ["duplicate-task.ts", "WL_DAG_DUPLICATE_TASK", 5, /'a' is defined twice, first on line 4/],
    ["unknown-upstream.ts", "WL_DAG_UNKNOWN_UPSTREAM", 9, /'elsewhere' belongs to DAG 'other'/],
    ["two-mistakes.ts", "WL_DAG_TYPE", 5, /two-mistakes\.ts:5: .*\n.*two-mistakes\.ts:6: .*DB_PASSWORD/],
    ["script-syntax.js", "WL_DAG_IMPORT", 2, /SyntaxError/],
    ["throws.ts", "WL_DAG_IMPORT", 2, /TypeError: boom/],
    ["throws-text.ts", "WL_DAG_IMPORT", undefined, /threw "text"/],
    ["missing-file.ts", "WL_DAG_IMPORT", 2, /'\.\/not-there\.ts': no such file/],
    ["missing-extension.ts", "WL_DAG_IMPORT", 2, /as in '\.\/cycle\.ts'/],
    ["missing-name.ts", "WL_DAG_IMPORT", 3, /'nothing'/],
    ["foreign-package.ts", "WL_DAG_IMPORT", 1, /cannot import 'ioredis'/],
    ["no-dag.ts", "WL_DAG_EXPORT", undefined, /an object that dag\(\) did not make/],
    ["promise.ts", "WL_DAG_EXPORT", undefined, /a promise; await it/],
    ["waits.ts", "WL_DAG_TIMEOUT", undefined, /never comes/],
    ["eats-memory.ts", "WL_DAG_MEMORY", undefined, /more than the 64 MiB/],
    ["exits.ts", "WL_DAG_IMPORT", undefined, /exit code 7/],
    ["forges.ts", "WL_DAG_UNKNOWN_UPSTREAM", undefined, /'nowhere'/],
    ["babbles.ts", "WL_DAG_EXPORT", undefined, /wrote into the answer/],
    ["reads-outside.ts", "WL_DAG_IMPORT", 3, /FileSystemRead \/etc\/passwd/],
    ["writes.ts", "WL_DAG_IMPORT", 4, /FileSystemWrite/],
    ["signals.ts", "WL_DAG_IMPORT", 1, /process\.kill is not a function/],
    ["starts-process.ts", "WL_DAG_IMPORT", 3, /ChildProcess/],
  ];
  for (const [file, code, line, message] of bad) {
    it(`refuses ${file} with ${code}`, async () => {
      const { dags, error } = await load(`bad/${file}`);
      assert.deepEqual([dags, error?.code, error?.line], [[], code, line]);
      assert.match(error?.message ?? "", message);
    });
  }

  // These cannot be fixtures: they would not pass the type check of this repository.
  const untyped: readonly (readonly [name: string, text: string, line: number, message: RegExp])[] = [
    ["broken syntax", "const number: number = 1;\nexport const broken = ;\n", 2, /SyntaxError/],
    ["an enum", "\nexport enum Colour {\n  red,\n}\n", 2, /enum is not supported/],
  ];
  for (const [name, text, line, message] of untyped) {
    it(`refuses TypeScript with ${name}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "windlass-loader-"));
      try {
        await writeFile(join(folder, "dag.ts"), text);
        const { error } = await loadDagFile(join(folder, "dag.ts"), folder, new AbortController().signal, LIMITS);
        assert.deepEqual([error?.code, error?.line], ["WL_DAG_IMPORT", line]);
        assert.match(error?.message ?? "", message);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  it("ends a file that hangs", async () => {
    const { error, imports } = await load("bad/hangs.ts", { ...LIMITS, timeoutMs: 1_500 });
    assert.equal(error?.code, "WL_DAG_TIMEOUT");
    assert.deepEqual(imports, [join(ROOT, "bad/hangs.ts")], "what it had imported is known all the same");
  });

  it("ends a file that says too much", async () => {
    const { error } = await load("good/list-and-named.ts", { ...LIMITS, replyBytes: 200 });
    assert.equal(error?.code, "WL_DAG_EXPORT");
  });

  it("throws the reason when it is aborted", async () => {
    const reason = new Error("enough");
    await assert.rejects(loadDagFile(join(ROOT, "bad/hangs.ts"), ROOT, AbortSignal.abort(reason), LIMITS), reason);
    const soon = new AbortController();
    const loading = loadDagFile(join(ROOT, "bad/hangs.ts"), ROOT, soon.signal, LIMITS);
    soon.abort(reason);
    await assert.rejects(loading, reason);
  });
});
