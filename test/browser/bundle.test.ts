import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensureWeb } from "../../services/cli/build-web.ts";

const DIST = join(import.meta.dirname, "../../services/dashboard/web/dist");

interface Chunk {
  file: string;
  imports?: readonly string[];
  css?: readonly string[];
}

/** Everything that the browser loads for these parts of the pages, as it is sent. */
function bytesOf(manifest: Readonly<Record<string, Chunk>>, names: readonly string[], without: ReadonlySet<string> = new Set()) {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    assert.ok(chunk !== undefined, `the build has ${name}`);
    if (files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const name of names) visit(name);
  const sent = [...files].filter(file => !without.has(file));
  return { files, bytes: sent.reduce((sum, file) => sum + statSync(join(DIST, `${file}.gz`)).size, 0) };
}

describe("what the browser has to load, compressed", () => {
  let manifest: Readonly<Record<string, Chunk>>;
  before(async () => {
    await ensureWeb(console.log);
    manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
  });

  const first = () => bytesOf(manifest, ["index.html", "now/now-page.tsx"]);
  /** More than what the page around it has loaded already. */
  const more = (...names: string[]) =>
    bytesOf(manifest, names, bytesOf(manifest, ["index.html", "run/run-page.tsx"]).files).bytes;
  const table: readonly (readonly [what: string, limitKb: number, bytes: () => number])[] = [
    ["the first page", 160, () => first().bytes],
    ["the graph", 65, () => more("graph/run-graph.tsx")],
    ["the log", 20, () => more("task/task-log.tsx")],
  ];
  for (const [what, limitKb, bytes] of table) {
    it(`${what} in ${limitKb} kB`, () => {
      const kb = bytes() / 1_000;
      console.log(`      ${what}: ${kb.toFixed(1)} kB`);
      assert.ok(kb <= limitKb, `${what} is ${kb.toFixed(1)} kB`);
    });
  }
});
