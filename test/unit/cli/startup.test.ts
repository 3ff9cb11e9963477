import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../../..");

/** What a command line loads, as addresses: time is another thing on every machine, this is not. */
async function loadedBy(...words: string[]): Promise<string[]> {
  const spy = `import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process.stderr.write("loaded " + url + "\\n"); return next(url, context); } });`;
  const args = [`--import=data:text/javascript,${encodeURIComponent(spy)}`, join(ROOT, "services/cli/windlass.mjs"), ...words];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH } });
  return stderr.split("\n").flatMap(line => (line.startsWith("loaded ") ? [line.slice("loaded ".length)] : []));
}

const packagesOf = (urls: readonly string[]): string[] => [
  ...new Set(urls.flatMap(url => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
];

describe("the start of the command line", () => {
  it("loads no package but commander for its help, and no command", async () => {
    const loaded = await loadedBy("--help");
    assert.deepEqual(packagesOf(loaded), ["commander"]);
    assert.deepEqual(
      loaded.filter(url => url.includes("/cli/commands/")).map(url => url.split("/").at(-1)),
      ["groups.ts"],
    );
  });

  it("loads neither Redis, Kubernetes nor Express to talk to a server", async () => {
    const packages = packagesOf(await loadedBy("runs", "list", "--help"));
    const heavy = ["ioredis", "bullmq", "@kubernetes/client-node", "express", "pino", "esbuild", "undici"];
    assert.deepEqual(
      packages.filter(name => heavy.includes(name)),
      [],
    );
  });
});
