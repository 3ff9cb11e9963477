import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dagFile, SourceBench } from "./source-bench.ts";

describe("dag source", () => {
  let bench: SourceBench;

  const openWith = async (files: Record<string, string>, dir?: string): Promise<void> => {
    bench = await SourceBench.open(dir);
    for (const [path, text] of Object.entries(files)) await bench.write(path, text);
  };

  afterEach(() => bench.close());

  it("is ready when every file was loaded and published", async () => {
    await openWith({
      "dags/a.ts": dagFile("a"),
      "dags/deep/er/b.mts": dagFile("b"),
      "dags/c.js": dagFile("c"),
      "dags/d.mjs": dagFile("d"),
    });
    await bench.start();
    assert.deepEqual(bench.ids(), ["a", "b", "c", "d"]);
    assert.equal(bench.live.get("b")?.file, "deep/er/b.mts");
    assert.deepEqual(bench.live.get("b")?.spec.tasks[0]?.source, { file: "deep/er/b.mts", line: 2 });
  });

  it("leaves alone what is no DAG file", async () => {
    const bad = "this is no program";
    const names = [
      ".hidden.ts",
      ".git/x.ts",
      "types.d.ts",
      "a.test.ts",
      "node_modules/p/index.js",
      "README.ts",
      "notes.md",
      "data.json",
      "a.ts~",
      "x.tsx",
    ];
    await openWith(Object.fromEntries(names.map(name => [`dags/${name}`, bad])));
    await bench.write("dags/helper.ts", "export const image = 'x';");
    await bench.start();
    assert.deepEqual([bench.ids(), bench.codes()], [[], []]);
  });

  it("publishes a saved file again, and only that one", async () => {
    await openWith({ "dags/a.ts": dagFile("a"), "dags/b.ts": dagFile("b") });
    await bench.start();
    const before = bench.live.get("a")?.version;
    await bench.write("dags/a.ts", dagFile("a", "img:2"));
    await bench.until(() => bench.live.get("a")?.version !== before);
    assert.deepEqual(bench.story.slice(2), ["+a"]);
  });

  it("knows a version by what it says, not by how it is written", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    await bench.start();
    await bench.write("dags/a.ts", `// A comment moves every line.\n\n${dagFile("a")}`);
    await bench.write("dags/b.ts", dagFile("b"));
    await bench.until(() => bench.live.has("b"));
    await bench.source.reload();
    assert.deepEqual(bench.story.toSorted(), ["+a", "+b"]);
  });

  it("keeps the last good version of a broken file, and hides no other file", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    await bench.start();
    await bench.write("dags/a.ts", 'import { dag } from "windlass";\nexport default dag("a", {}, d => {\n');
    await bench.write("dags/b.ts", dagFile("b"));
    await bench.until(() => bench.live.has("b") && bench.errors.length > 0);
    assert.deepEqual(bench.ids(), ["a", "b"]);
    assert.deepEqual([bench.errors[0]?.code, bench.errors[0]?.file], ["WL_DAG_IMPORT", "a.ts"]);
    await bench.write("dags/a.ts", dagFile("a", "img:2"));
    await bench.until(() => bench.errors.length === 0);
    assert.equal(bench.live.get("a")?.spec.tasks.length, 1);
  });

  it("removes the DAGs of a deleted file", async () => {
    await openWith({ "dags/a.ts": dagFile("a"), "dags/b.ts": dagFile("b") });
    await bench.start();
    await bench.remove("dags/b.ts");
    await bench.until(() => !bench.live.has("b"));
    assert.deepEqual(bench.ids(), ["a"]);
  });

  it("takes the error of a deleted file away", async () => {
    await openWith({ "dags/a.ts": "throw new Error('no')" });
    await bench.start();
    assert.deepEqual(bench.codes(), ["WL_DAG_IMPORT a.ts:1"]);
    await bench.remove("dags/a.ts");
    await bench.until(() => bench.errors.length === 0);
  });

  it("moves a DAG with its renamed file without removing it", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    await bench.start();
    await bench.write("dags/z.ts", dagFile("a"));
    await bench.remove("dags/a.ts");
    await bench.until(() => bench.live.get("a")?.file === "z.ts");
    assert.ok(!bench.story.includes("-a"));
  });

  it("does not take a file that lost its exports for a wish to remove the DAG", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    await bench.start();
    await bench.write("dags/a.ts", "");
    await bench.until(() => bench.errors.length > 0);
    assert.deepEqual([bench.ids(), bench.codes()], [["a"], ["WL_DAG_EXPORT a.ts"]]);
  });

  it("lets the first of two files keep an id, until it gives it up", async () => {
    await openWith({ "dags/a.ts": dagFile("same", "img:a"), "dags/b.ts": dagFile("same", "img:b") });
    await bench.start();
    assert.equal(bench.live.get("same")?.file, "a.ts");
    assert.deepEqual(bench.codes(), ["WL_DAG_DUPLICATE_ID b.ts:2"]);
    await bench.write("dags/0.ts", dagFile("same", "img:0"));
    await bench.until(() => bench.errors.length === 2);
    assert.equal(bench.live.get("same")?.file, "a.ts", "who came first stays, whatever its name");
    await bench.remove("dags/0.ts");
    await bench.write("dags/a.ts", dagFile("other"));
    await bench.until(() => bench.live.get("same")?.file === "b.ts" && bench.errors.length === 0);
    assert.deepEqual(bench.ids(), ["other", "same"]);
  });

  it("loads a DAG file again when a helper or a data file changes", async () => {
    const user =
      'import { dag } from "windlass";\nimport { readFileSync } from "node:fs";\nimport { tag } from "./lib/tag.ts";\n' +
      "const name = readFileSync(new URL('./name.txt', import.meta.url), 'utf8');\n" +
      'export default dag("user", {}, d => { d.pod("only", { image: name + ":" + tag }); });\n';
    await openWith({
      "dags/user.ts": user,
      "dags/lib/tag.ts": "export const tag = '1';",
      "dags/name.txt": "img",
      "dags/other.ts": dagFile("other"),
    });
    await bench.start();
    const image = () => {
      const task = bench.live.get("user")?.spec.tasks[0];
      return task?.operator === "pod" ? task.pod.image : undefined;
    };
    assert.equal(image(), "img:1");
    await bench.write("dags/lib/tag.ts", "export const tag = '2';");
    await bench.until(() => image() === "img:2");
    await bench.write("dags/name.txt", "gmi");
    await bench.until(() => image() === "gmi:2");
  });

  it("names the helper that has the mistake, and tries again when it comes right", async () => {
    const user =
      'import { dag } from "windlass";\nimport { tag } from "./tag.ts";\nexport default dag("user", {}, d => { d.empty(tag); });\n';
    await openWith({ "dags/user.ts": user });
    await bench.start();
    assert.deepEqual(bench.codes(), ["WL_DAG_IMPORT user.ts:2"]);
    await bench.write("dags/tag.ts", "export const other = 1;\nexport const tag = ;\n");
    await bench.until(() => bench.codes().includes("WL_DAG_IMPORT tag.ts:2"));
    await bench.write("dags/tag.ts", "export const tag = 'x';");
    await bench.until(() => bench.live.has("user") && bench.errors.length === 0);
  });

  it("follows a swapped symbolic link, as git-sync publishes", async () => {
    await openWith(
      { "trees/1/dags/a.ts": dagFile("a"), "trees/1/dags/same.ts": dagFile("same"), "trees/1/dags/old.ts": dagFile("old") },
      "current/dags",
    );
    await bench.link("current", "trees/1");
    await bench.start();
    assert.deepEqual(bench.ids(), ["a", "old", "same"]);
    await bench.write("trees/2/dags/a.ts", dagFile("a", "img:2"));
    await bench.write("trees/2/dags/same.ts", dagFile("same"));
    await bench.write("trees/2/dags/new.ts", dagFile("new"));
    await bench.link("current", "trees/2");
    await rm(join(bench.home, "trees/1"), { recursive: true });
    await bench.until(() => bench.live.has("new") && !bench.live.has("old"));
    assert.deepEqual(bench.story.toSorted(), ["+a", "+a", "+new", "+old", "+same", "-old"]);
    await bench.write("trees/2/dags/a.ts", dagFile("a2"));
    await bench.until(() => bench.live.has("a2"));
  });

  it("reads a mounted ConfigMap: files that are links into a swapped folder", async () => {
    await openWith({ "dags/..1/a.ts": dagFile("a") });
    await bench.link("dags/..data", "..1");
    await bench.link("dags/a.ts", "..data/a.ts");
    await bench.start();
    assert.equal(bench.live.get("a")?.spec.tasks[0]?.source?.file, "a.ts");
    await bench.write("dags/..2/a.ts", dagFile("a", "img:2"));
    await bench.link("dags/..data", "..2");
    await bench.until(() => bench.story.length === 2);
    assert.deepEqual([bench.story, bench.codes()], [["+a", "+a"], []]);
  });

  it("waits for a folder that is not there yet, and keeps the DAGs of one that has gone", async () => {
    await openWith({});
    await bench.start();
    assert.deepEqual(bench.codes(), ["WL_DAG_IMPORT ."]);
    await bench.write("dags/a.ts", dagFile("a"));
    await bench.until(() => bench.live.has("a") && bench.errors.length === 0);
    await rm(bench.dir, { recursive: true });
    await bench.until(() => bench.errors.length > 0);
    assert.deepEqual([bench.ids(), bench.codes()], [["a"], ["WL_DAG_IMPORT ."]]);
  });

  it("publishes again what was refused", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    bench.refuses = new Error("the store is away");
    await bench.start();
    assert.deepEqual(bench.story, []);
    bench.refuses = undefined;
    await bench.until(() => bench.live.has("a"));
  });

  it("does not wait for a file that hangs", async () => {
    await openWith({ "dags/a.ts": "while (true);", "dags/b.ts": dagFile("b") });
    const started = bench.start({ timeoutMs: 3_000, heapBytes: 64 * 2 ** 20, replyBytes: 2 ** 20 });
    await bench.until(() => bench.live.has("b"));
    assert.deepEqual(bench.errors, []);
    await started;
    assert.deepEqual(bench.codes(), ["WL_DAG_TIMEOUT a.ts"]);
  });

  it("publishes nothing after close", async () => {
    await openWith({ "dags/a.ts": dagFile("a") });
    await bench.start();
    await bench.source.close();
    await mkdir(bench.dir, { recursive: true });
    await writeFile(join(bench.dir, "b.ts"), dagFile("b"));
    await bench.source.reload();
    assert.deepEqual(bench.story, ["+a"]);
  });
});
