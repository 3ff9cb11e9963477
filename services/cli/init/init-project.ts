import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WindlassError } from "#core/errors.ts";
import { version } from "#runtime/version.ts";

const TEMPLATE = fileURLToPath(new URL("template/", import.meta.url));
const OWN_PACKAGE = fileURLToPath(new URL("../../../package.json", import.meta.url));

/** npm takes files of these names for its own, and leaves them out of packages. */
const RENAMED: Readonly<Record<string, string>> = {
  gitignore: ".gitignore",
  dockerignore: ".dockerignore",
  "env.example": ".env.example",
  github: ".github",
};

export interface InitOptions {
  /** May be there if it is empty, apart from hidden files. */
  dir: string;
  /** What package.json names as Windlass: a range, or "file:../windlass". Default: this version. */
  windlass?: string | undefined;
}

/**
 * Writes a project: a DAG with its test, types, compose file, workflow. Nothing is installed.
 * @returns what was written, as paths below the folder, sorted
 * @throws WL_CLI_USAGE when the folder has something in it
 */
export async function initProject({ dir, windlass = `^${version}` }: InitOptions): Promise<string[]> {
  const root = resolve(dir);
  await mkdir(root, { recursive: true });
  const there = (await readdir(root)).filter(name => !name.startsWith("."));
  if (there.length > 0) throw new WindlassError("WL_CLI_USAGE", `${dir} is not empty: ${there.slice(0, 3).join(", ")}`);
  await cp(TEMPLATE, root, { recursive: true });
  for (const [from, to] of Object.entries(RENAMED)) await rename(join(root, from), join(root, to));
  await writeFile(join(root, "package.json"), await packageJson(basename(root), windlass));
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  return files.flatMap(file => (file.isFile() ? [join(file.parentPath, file.name).slice(root.length + 1)] : [])).sort();
}

async function packageJson(folder: string, windlass: string): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile(OWN_PACKAGE, "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const own = Object.fromEntries(["@types/node", "node", "typescript"].map(name => [name, devDependencies[name]]));
  const made = {
    name:
      folder
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, "-")
        .replace(/^-+|-+$/g, "") || "dags",
    private: true,
    type: "module",
    scripts: {
      test: "node --import=windlass/register --test 'test/**/*.test.ts'",
      check: "tsc && windlass dags validate dags",
      dev: "windlass dev",
      deploy: "windlass dags deploy dags",
    },
    dependencies: { windlass },
    devDependencies: own,
    engines: { node: ">=20" },
  };
  return `${JSON.stringify(made, undefined, 2)}\n`;
}
