import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WindlassError } from "#core/errors.ts";
import { loadPlugins } from "../../../services/worker/plugins/load-plugins.ts";

describe("loadPlugins", () => {
  let dir: string;
  const write = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-plugins-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("loads nothing when nothing is named", async () => assert.deepEqual(await loadPlugins(" "), []));

  it("loads files and patterns in the order in which they are named", async () => {
    write("b.ts", 'import type { Plugin } from "windlass";\nexport default { name: "b" } satisfies Plugin;');
    write("a.ts", 'export default { name: "a", onPodEnded: () => {} };');
    const last = write("c.mjs", 'export default { name: "c" };');
    const names = (await loadPlugins(`${last}, ${join(dir, "*.ts")}`)).map(({ name }) => name);
    assert.deepEqual(names, ["c", "a", "b"]);
  });

  const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["has no default export", "export const plugin = {};", /is no plugin/],
    ["has no name", "export default { onPodEnded: () => {} };", /name/],
    ["misspells a hook", 'export default { name: "x", onPodEnd: () => {} };', /onPodEnd/],
    ["gives a hook that is none", 'export default { name: "x", onPodEnded: true };', /onPodEnded: must be a function/],
    ["throws", 'throw new Error("no token");', /cannot be loaded: no token/],
    ["does not exist", "", /cannot be loaded|is no plugin/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses a file that ${what}: a worker without its plugins would run pods that it must not`, () =>
      assert.rejects(
        loadPlugins(text === "" ? join(dir, "absent.ts") : write("x.ts", text)),
        (error: unknown) => error instanceof WindlassError && error.code === "WL_PLUGIN" && message.test(error.message),
      ));
  }

  it("refuses a pattern that no file fits", () => assert.rejects(loadPlugins(join(dir, "*.ts")), /no file is named like/));

  it("refuses a package that is not installed", () =>
    assert.rejects(loadPlugins("@example/absent"), /@example\/absent cannot be loaded/));
});
