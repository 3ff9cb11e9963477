import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The npm commands that stand alone on a line of a bash block. */
function npmCommands(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block!);
  return blocks.flatMap(block => block.split("\n").filter(line => /^npm (ci|test|run \S+)$/.test(line)));
}

describe("the README", () => {
  it("says nothing that CI does not run", () => {
    const commands = npmCommands(read("README.md"));
    assert.deepEqual(commands, ["npm ci", "npm run demo", "npm test"]);
    const steps = read(".ci/run");
    for (const command of commands) assert.match(steps, new RegExp(`^step ${command}\\b`, "m"));
  });

  it("shows the example that is in dags/", () => {
    const code = (text: string) => text.replace(/\/\/.*$/gm, "").match(/d\.(empty|pod)\("[^"]+"|image: "[^"]+"|before\([^)]*\)/g);
    const [, example] = /```ts\n([\s\S]*?)```/.exec(read("README.md"))!;
    assert.deepEqual(code(example!), code(read("dags/kubernetes_sample.ts")));
  });
});
