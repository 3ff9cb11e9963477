import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type LintReport, lintDags } from "../../../services/cli/lint/lint-dags.ts";

const GOOD = (id: string) => `import { dag } from "windlass";
export default dag("${id}", {}, d => { d.empty("a"); });
`;

describe("lintDags", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-lint-"));
    mkdirSync(join(dir, "dags/shared"), { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, "dags", name), text);
  };
  const lint = (...names: string[]): Promise<LintReport> =>
    lintDags(names.length === 0 ? [join(dir, "dags")] : names.map(name => join(dir, "dags", name)), new AbortController().signal);
  /** file:line rule */
  const found = ({ problems }: LintReport): string[] =>
    problems.map(({ file, line, rule }) => `${relative(join(dir, "dags"), file)}:${line} ${rule}`);

  it("finds nothing wrong with good files", async () => {
    write({ "a.ts": GOOD("a"), "b.ts": GOOD("b"), "README.md": "no DAG" });
    assert.deepEqual(await lint(), { files: 2, dags: ["a", "b"], problems: [] });
  });

  it("tells every mistake with file, line, rule and what to do", async () => {
    write({
      "bad.ts": `import { dag } from "windlass";
export default dag("bad", {}, d => {
  d.pod("a", { image: "busybox:1.36", retrise: 3 });
  d.empty("a");
});
`,
      "circle.ts": `import { dag } from "windlass";
export default dag("circle", {}, d => {
  const [a, b] = [d.empty("a"), d.empty("b")];
  a.before(b);
  b.before(a);
});
`,
      "good.ts": GOOD("good"),
      "missing.ts": `import { dag } from "windlass";\nimport { x } from "./nowhere.ts";\nexport default dag(x, {}, d => { d.empty("a"); });\n`,
      "secret.ts": `import { dag } from "windlass";
export default dag("secret", {}, d => {
  d.pod("a", { image: "busybox:1.36", env: { DB_PASSWORD: "correct horse" } });
});
`,
    });
    const report = await lint();
    assert.deepEqual(found(report), [
      "bad.ts:3 WL_DAG_TYPE",
      "bad.ts:4 WL_DAG_DUPLICATE_TASK",
      "circle.ts:5 WL_DAG_CYCLE",
      "missing.ts:2 WL_DAG_IMPORT",
      "secret.ts:3 WL_DAG_LITERAL_SECRET",
    ]);
    assert.ok(report.problems.every(({ message, next }) => message !== "" && next !== ""));
    assert.deepEqual(report.dags, ["good"]);
  });

  it("tells a mistake in a shared file once, where it is", async () => {
    const uses = (id: string) => `import "./shared/broken.ts";\n${GOOD(id)}`;
    write({ "shared/broken.ts": "\nthrow new Error('no');\n", "a.ts": uses("a"), "b.ts": uses("b") });
    assert.deepEqual(found(await lint("a.ts", "b.ts")), ["shared/broken.ts:2 WL_DAG_IMPORT"]);
  });

  it("finds two files that define one DAG", async () => {
    write({ "a.ts": GOOD("same"), "b.ts": GOOD("same") });
    assert.deepEqual(found(await lint()), ["b.ts:2 WL_DAG_DUPLICATE_ID"]);
  });

  it("refuses a path that is not there", async () => {
    await assert.rejects(lint("absent.ts"), { code: "WL_CLI_USAGE" });
  });
});
