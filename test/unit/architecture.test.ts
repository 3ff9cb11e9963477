import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Who may import whom: packages by name, rooms by folder, "node:" for everything of Node's own. Every room may import itself. The longest
 * folder that a file lies in decides. "type x": only for types, such as that of a connection which is handed through.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "libs/core": ["zod", "croner", "temporal-polyfill", "@noble/hashes", "yaml", "type @kubernetes/client-node"],
  "libs/sdk": ["libs/core", "zod", "type @kubernetes/client-node"],
  "libs/testing": ["libs/core", "libs/sdk", "node:", "type @kubernetes/client-node"],
  "libs/contract": ["libs/core", "zod"],
  "libs/state": ["libs/core", "zod", "ioredis", "node:"],
  "libs/queue": ["libs/core", "zod", "bullmq", "ioredis", "node:"],
  "libs/kube": ["libs/core", "zod", "undici", "@kubernetes/client-node", "node:"],
  "libs/logstore": ["libs/core", "zod", "aws4fetch", "node:"],
  "libs/notify": ["libs/core", "nodemailer", "node:"],
  "libs/localcluster": ["libs/core", "zod", "node:"],
  "libs/runtime": ["pino", "zod", "prom-client", "node:"],
  "services/scheduler": ["libs/core", "libs/state", "libs/queue", "libs/runtime", "type ioredis", "zod", "node:"],
  "services/scheduler/dag-source": ["libs/core", "libs/sdk", "esbuild", "zod", "node:"],
  "services/worker": [
    "libs/core",
    "libs/state",
    "libs/queue",
    "libs/kube",
    "libs/logstore",
    "libs/notify",
    "libs/runtime",
    "type libs/sdk/plugin.ts",
    "type ioredis",
    "zod",
    "node:",
  ],
  "services/dashboard": [
    "libs/core",
    "libs/sdk",
    "libs/contract",
    "libs/state",
    "libs/queue",
    "libs/logstore",
    "libs/runtime",
    // It has no right in any cluster: these only say which pod there would be.
    "libs/kube/plan",
    "libs/kube/manifest.ts",
    "libs/kube/pod-request.ts",
    "@bull-board/api",
    "@bull-board/express",
    "elkjs",
    "express",
    "helmet",
    "jose",
    "openid-client",
    "zod",
    "node:",
  ],
  // Runs in browsers: pure functions and types of ours, never the server's files.
  "services/dashboard/web": [
    "libs/contract",
    "libs/core",
    "@tanstack/react-query",
    "@tanstack/react-router",
    "@tanstack/react-virtual",
    "cmdk",
    "cronstrue",
    "lucide-react",
    "radix-ui",
    "react",
    "react-dom",
    "sonner",
    "type zod",
  ],
  "services/cli": ["libs", "services", "commander", "yaml", "zod", "node:"],
  // What a user's project begins with.
  "services/cli/init/template": ["windlass", "node:"],
  dags: ["windlass"],
  plugins: ["windlass", "node:"],
};

/** What single files may import beyond their room, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Its text shows a DAG file.
  "services/cli/pod-task-page.ts": ["windlass"],
  "services/cli/dag-sdk-page.ts": ["windlass"],
  "services/cli/templates-page.ts": ["windlass"],
  // Build the pages, on a developer's machine.
  "services/cli/build-web.ts": ["vite"],
  "services/dashboard/web/vite.config.ts": ["vite", "node:"],
  // Reads a YAML file beside the DAG file.
  "libs/sdk/read-template.ts": ["node:"],
};

const WORDS_THAT_SAY_NOTHING = /(^|[-/])(utils?|helpers?|common|types?|misc|manager)\.(ts|tsx|mjs|lua|css)$/;

/** The core has no clock, no chance and no world around it. `new Date(at)` is arithmetic, `new Date()` a clock. */
const IMPURE =
  /\b(Date\.now|Math\.random|performance\.|process\.|globalThis|setTimeout|setInterval|setImmediate|queueMicrotask|fetch\(|crypto\.)|new Date\(\)/;

const LONG_LINES = 300;
const MAX_LINES = 400;

interface Import {
  specifier: string;
  /** Gone when the program runs. */
  typeOnly: boolean;
}

const FROM = /^\s*(?:import|export)\s+(?<type>type\s+)?(?:[\w$*{][^;"']*?\s+)?from\s+["'](?<specifier>[^"']+)["']/gm;
const BARE = /^\s*import\s+["'](?<specifier>[^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["'](?<specifier>[^"']+)["']/g;

function importsOf(source: string): Import[] {
  return [FROM, BARE, DYNAMIC].flatMap(pattern =>
    [...source.matchAll(pattern)].map(({ groups }) => ({ specifier: groups!.specifier!, typeOnly: groups!.type !== undefined })),
  );
}

const files = globSync(["libs/**/*.ts", "services/**/*.{ts,tsx,mjs}", "dags/**/*.ts", "plugins/**/*.ts"], { cwd: ROOT })
  .filter(path => !path.includes("node_modules"))
  .sort();
const sources = new Map(files.map(path => [path, readFileSync(join(ROOT, path), "utf8")]));
const linesOf = (path: string): number => sources.get(path)!.split("\n").length - 1;

const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS)
    .filter(room => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

/** A file of this repository by its path, "node:", or a package by its name. */
function targetOf(specifier: string, importer: string): string {
  if (specifier.startsWith("#")) return `libs/${specifier.slice(1)}`;
  if (specifier.startsWith(".")) return relative(ROOT, join(ROOT, dirname(importer), specifier));
  if (specifier.startsWith("node:")) return "node:";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isAllowed({ specifier, typeOnly }: Import, importer: string): boolean {
  const target = targetOf(specifier, importer);
  const room = roomOf(importer)!;
  return [room, ...ROOMS[room]!, ...(EXCEPTIONS[importer] ?? [])].some(
    allowed => target === allowed || target.startsWith(`${allowed}/`) || (typeOnly && allowed === `type ${target}`),
  );
}

/** Circles of files that need each other to load, each as a path. */
function circles(): string[] {
  const needs = new Map(
    files.map(path => [
      path,
      importsOf(sources.get(path)!).flatMap(({ specifier, typeOnly }) => (typeOnly ? [] : [targetOf(specifier, path)])),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) found.push([...above.slice(above.indexOf(path)), path].join(" → "));
    if (done.has(path) || above.includes(path)) return;
    for (const next of needs.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of files) visit(path, []);
  return found;
}

describe("architecture", () => {
  it("knows the room of every file", () => {
    assert.ok(files.length > 100, "the files were found");
    assert.deepEqual(
      files.filter(path => roomOf(path) === undefined),
      [],
    );
  });

  for (const room of Object.keys(ROOMS)) {
    it(`${room} imports only what it may`, () => {
      const breaches = files
        .filter(path => roomOf(path) === room)
        .flatMap(path =>
          importsOf(sources.get(path)!)
            .filter(found => !isAllowed(found, path))
            .map(({ specifier }) => `${path} imports ${specifier}`),
        );
      assert.deepEqual(breaches, [], `${room} may import ${ROOMS[room]!.join(", ")} and itself`);
    });
  }

  it("has no files that need each other to load", () => assert.deepEqual(circles(), []));

  it("keeps clock, chance and process out of the core", () => {
    const code = (line: string): string => line.replace(/\/\/.*|^\s*\/?\*.*/, "");
    const breaches = files
      .filter(path => roomOf(path) === "libs/core")
      .flatMap(path =>
        sources
          .get(path)!
          .split("\n")
          .map((line, index) => ({ at: `${path}:${index + 1}`, line })),
      )
      .filter(({ line }) => IMPURE.test(code(line)))
      .map(({ at }) => at);
    assert.deepEqual(breaches, []);
  });

  it("names files after what is in them", () => {
    const all = globSync(["libs/**/*", "services/**/*", "dags/**/*", "test/**/*"], { cwd: ROOT });
    assert.deepEqual(
      all.filter(path => WORDS_THAT_SAY_NOTHING.test(path)),
      [],
    );
    assert.deepEqual(
      files.filter(path => !path.startsWith("dags/") && !/^[a-z0-9/.-]+$/.test(path)),
      [],
      "kebab-case",
    );
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = files.filter(path => linesOf(path) > LONG_LINES).map(path => `${path} (${linesOf(path)})`);
    if (long.length > 0) console.log(`      over ${LONG_LINES} lines, look for the table inside: ${long.join(", ")}`);
    assert.deepEqual(
      files.filter(path => linesOf(path) > MAX_LINES),
      [],
    );
  });
});

describe("importsOf", () => {
  const table: readonly (readonly [source: string, expected: readonly string[]])[] = [
    ['import { a } from "x";', ["x"]],
    ['import type { A } from "x";', ["type x"]],
    ['import a, { type B } from "x";', ["x"]],
    ['import {\n  a,\n  b,\n} from "x";', ["x"]],
    ['import * as a from "x";', ["x"]],
    ['import "x";', ["x"]],
    ['export { a } from "x";', ["x"]],
    ['export * from "x";', ["x"]],
    ['const a = await import("x");', ["x"]],
    ['import { a } from "x";\nimport { b } from "y";', ["x", "y"]],
    ['export const from = "x";', []],
    ['// import { a } from "x";', []],
  ];
  for (const [source, expected] of table) {
    it(source.replaceAll("\n", " "), () =>
      assert.deepEqual(
        importsOf(source).map(({ specifier, typeOnly }) => (typeOnly ? `type ${specifier}` : specifier)),
        expected,
      ),
    );
  }
});
