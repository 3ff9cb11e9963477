import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** One file of the DAG folder. */
interface SourceFile {
  /** Below the folder, with "/". */
  path: string;
  realPath: string;
  /** Modules are loaded; of data it only matters that they changed. */
  kind: "module" | "data";
  /** Changes whenever the file may have been written. */
  stamp: string;
  /** Changes when the content does. */
  hash: string;
}

/** What the folder holds at one instant. */
export interface Scan {
  /** The folder without symbolic links. */
  root: string;
  /** By path. */
  files: ReadonlyMap<string, SourceFile>;
  /** Real paths of all folders that were walked. */
  folders: readonly string[];
  /** Changes when a file comes or goes. */
  namesHash: string;
  /** Changes when the content of a data file does. */
  dataHash: string;
}

const MODULE = /\.(?:ts|mts|js|mjs)$/;
const IGNORED = /^\.|^node_modules$|^README|\.md$|\.d\.m?ts$|\.test\.m?[jt]s$|~$/;
/** Larger data files count as changed when they were written, whatever was written. */
const HASHED_BYTES = 4 * 2 ** 20;
const ATTEMPTS = 3;
const GONE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/**
 * Walks the folder through all symbolic links. Contents are read again only where the stamp in `before` differs.
 * Throws the system's error when the folder itself cannot be read.
 */
export async function scanDags(dir: string, before?: Scan): Promise<Scan> {
  for (let attempt = 1; ; attempt++) {
    const root = await realpath(dir);
    const found: Found = { files: new Map(), folders: [] };
    await walk(root, "", found, before);
    // A link that was swapped meanwhile makes what was seen a mixture of old and new.
    if (attempt === ATTEMPTS || root === (await realpath(dir))) return { root, ...found, ...digests(found.files) };
  }
}

interface Found {
  files: Map<string, SourceFile>;
  folders: string[];
}

function digests(files: ReadonlyMap<string, SourceFile>): Pick<Scan, "namesHash" | "dataHash"> {
  const data = [...files.values()].filter(file => file.kind === "data");
  return {
    namesHash: sha256([...files.keys()].join("\0")),
    dataHash: sha256(data.map(file => file.path + file.hash).join("\0")),
  };
}

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

async function walk(folder: string, path: string, found: Found, before: Scan | undefined): Promise<void> {
  // Links can form circles.
  if (found.folders.includes(folder)) return;
  found.folders.push(folder);
  const names = await (path === "" ? readdir(folder) : unlessGone(readdir(folder)));
  for (const name of (names ?? []).filter(name => !IGNORED.test(name)).sort()) {
    await visit(join(folder, name), path === "" ? name : `${path}/${name}`, found, before);
  }
}

async function visit(place: string, path: string, found: Found, before: Scan | undefined): Promise<void> {
  const realPath = await unlessGone(realpath(place));
  const stats = realPath === undefined ? undefined : await unlessGone(stat(realPath, { bigint: true }));
  if (realPath === undefined || stats === undefined) return;
  if (stats.isDirectory()) return walk(realPath, path, found, before);
  if (!stats.isFile()) return;
  const stamp = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(".");
  const known = before?.files.get(path);
  const hash = known?.stamp === stamp ? known.hash : await hashOf(realPath, stamp, stats.size);
  if (hash !== undefined) found.files.set(path, { path, realPath, kind: MODULE.test(path) ? "module" : "data", stamp, hash });
}

async function hashOf(realPath: string, stamp: string, size: bigint): Promise<string | undefined> {
  if (size > HASHED_BYTES) return stamp;
  const content = await unlessGone(readFile(realPath));
  return content && sha256(content);
}

/** Files may vanish between being listed and being read; then they are not there. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
