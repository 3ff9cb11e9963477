import { type ExecFileException, execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { initProject } from "../../services/cli/init/init-project.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** How Windlass got into the project: as the link that npm makes for `file:`, or as the files of its package. */
export type Installation = "file:" | "npm pack";

export interface UserProject {
  dir: string;
  /** Runs a shell command in it, as npm's scripts and a CI job do. */
  sh(command: string, env?: Readonly<Record<string, string>>): Promise<{ exitCode: number; output: string }>;
  remove(): void;
}

/** A project as `windlass init` makes it, with everything that `npm install` would have put there, from this checkout's own packages. */
export async function openUserProject(how: Installation): Promise<UserProject> {
  const parent = mkdtempSync(join(tmpdir(), "windlass-project-"));
  const dir = join(parent, "pipelines");
  const remove = () => rmSync(parent, { recursive: true, force: true });
  try {
    await initProject({ dir, windlass: `file:${ROOT}` });
    const modules = join(dir, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    if (how === "file:") symlinkSync(ROOT, join(modules, "windlass"));
    else await unpack(join(modules, "windlass"), parent);
    for (const name of installed()) linkPackage(name, modules);
    for (const bin of ["tsc", "node"]) symlinkSync(join(ROOT, "node_modules/.bin", bin), join(modules, ".bin", bin));
    symlinkSync("../windlass/services/cli/windlass.mjs", join(modules, ".bin/windlass"));
  } catch (error) {
    remove();
    throw error;
  }
  return { dir, remove, sh: (command, env = {}) => sh(command, dir, env) };
}

/** The files that npm would publish. */
async function unpack(to: string, parent: string): Promise<void> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", parent], {
    cwd: ROOT,
    timeout: 60_000,
    maxBuffer: 64 * 2 ** 20,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run("tar", ["-xzf", join(parent, filename), "-C", parent]);
  cpSync(join(parent, "package"), to, { recursive: true });
}

const installed = (): string[] =>
  readdirSync(join(ROOT, "node_modules")).flatMap(name =>
    name.startsWith("@")
      ? readdirSync(join(ROOT, "node_modules", name)).map(inner => `${name}/${inner}`)
      : name.startsWith(".")
        ? []
        : [name],
  );

function linkPackage(name: string, modules: string): void {
  const [scope, inner] = name.split("/");
  if (inner !== undefined) mkdirSync(join(modules, scope!), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
}

async function sh(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; output: string }> {
  const path = [join(cwd, "node_modules/.bin"), process.env.PATH ?? ""].join(delimiter);
  const options = {
    cwd,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env, PATH: path },
    timeout: 120_000,
    maxBuffer: 16 * 2 ** 20,
  };
  try {
    const { stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", command], options);
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as ExecFileException & { stdout?: string; stderr?: string };
    return { exitCode: typeof code === "number" ? code : 1, output: stdout + stderr };
  }
}
