import { z } from "zod";
import { contentHash } from "./hash.ts";

/** What a bundle may be called; its DAGs' files are shown as "bundle:NAME/path". */
export const BundleName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "use small letters, digits and '-', at most 63");

const MAX_FILES = 1_000;
const MAX_PATH = 200;
const PATH = /^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/** A DAG folder as data: the texts of its files by their paths below it, "etl.ts", "lib/image.ts". */
export const BundleFiles = z
  .record(
    z.string().max(MAX_PATH).regex(PATH, "must be a path below the folder, of letters, digits, '_', '-', '.' and '/'"),
    z.string(),
  )
  .refine(files => Object.keys(files).length > 0, "must hold a file")
  .refine(files => Object.keys(files).length <= MAX_FILES, `may hold ${MAX_FILES} files`)
  .refine(files => !clashes(Object.keys(files)), "may not hold a file and a folder of one name");
export type BundleFiles = z.infer<typeof BundleFiles>;

/** The name of a version: the same files, the same version. */
export const bundleVersion = (files: BundleFiles): string => contentHash(files).slice(0, 16);

function clashes(paths: readonly string[]): boolean {
  const files = new Set(paths);
  return paths.some(path => {
    const parts = path.split("/");
    return parts.slice(1).some((_, index) => files.has(parts.slice(0, index + 1).join("/")));
  });
}

const PREFIX = "bundle:";

/** How a file of a bundle is called beside the files of the DAG folder. */
export const bundledFile = (bundle: string, path: string): string => `${PREFIX}${bundle}/${path}`;

/** {@link bundledFile} backwards; undefined for a file of the DAG folder. */
export function bundlePlace(file: string): { bundle: string; path: string } | undefined {
  if (!file.startsWith(PREFIX)) return undefined;
  const slash = file.indexOf("/");
  return slash === -1 ? undefined : { bundle: file.slice(PREFIX.length, slash), path: file.slice(slash + 1) };
}
