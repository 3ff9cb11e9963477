import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { BundleFiles } from "#core/bundle-files.ts";
import { WindlassError } from "#core/errors.ts";
import { scanDags } from "../../scheduler/dag-source/scan-dags.ts";

/** The files of a DAG folder that a scheduler would look at. @throws WL_CLI_USAGE where one is no text, or there is no folder */
export async function readBundle(dir: string): Promise<BundleFiles> {
  const scan = await scanDags(dir).catch(cause => {
    throw new WindlassError("WL_CLI_USAGE", `${dir} cannot be read: ${(cause as Error).message}`, { cause });
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const files: BundleFiles = {};
  for (const { path, realPath } of scan.files.values()) {
    try {
      files[path] = decoder.decode(await readFile(realPath));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new WindlassError("WL_CLI_USAGE", `${path} is no text: a bundle holds DAG files and what they read`);
    }
  }
  if (Object.keys(files).length === 0) throw new WindlassError("WL_CLI_USAGE", `there is no file in ${dir}`);
  return files;
}

/** What a bundle is called that nobody has named: as the project, or its folder. */
export async function bundleNameOf(cwd: string): Promise<string> {
  const text = await readFile(resolve(cwd, "package.json"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  const { name = basename(resolve(cwd)) } = JSON.parse(text) as { name?: string };
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 63)
      .replace(/^-+|-+$/g, "") || "dags"
  );
}
