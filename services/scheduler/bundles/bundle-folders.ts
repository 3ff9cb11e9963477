import { mkdir, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BundleFiles } from "#core/bundle-files.ts";

/** The link to the version that is live. */
const LIVE = "live";

/** Bundles as folders: `DIR/NAME/VERSION/…`, each complete or not there, and `DIR/NAME/live`, a link that is swapped. */
export class BundleFolders {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The link of a bundle. */
  live(name: string): string {
    return join(this.#dir, name, LIVE);
  }

  folder(name: string, version: string): string {
    return join(this.#dir, name, version);
  }

  async has(name: string, version: string): Promise<boolean> {
    return stat(this.folder(name, version)).then(
      found => found.isDirectory(),
      () => false,
    );
  }

  /** Writes a version beside the others. A version's files never change. */
  async write(name: string, version: string, files: BundleFiles): Promise<void> {
    if (await this.has(name, version)) return;
    const fresh = join(this.#dir, name, `.${version}-${process.pid}`);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(fresh, path)), { recursive: true });
      await writeFile(join(fresh, path), text);
    }
    try {
      await rename(fresh, this.folder(name, version));
    } catch (error) {
      // Another scheduler on this disk was faster.
      await rm(fresh, { recursive: true, force: true });
      if (!(await this.has(name, version))) throw error;
    }
  }

  /** Whoever follows the link sees the version from now on. */
  async link(name: string, version: string): Promise<void> {
    const fresh = join(this.#dir, name, `.${LIVE}-${process.pid}`);
    await rm(fresh, { force: true });
    await symlink(version, fresh);
    await rename(fresh, this.live(name));
  }

  /** Removes the versions that are not kept, and bundles of which none is. */
  async prune(kept: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    for (const name of await namesIn(this.#dir)) {
      const versions = kept.get(name);
      if (versions === undefined) await rm(join(this.#dir, name), { recursive: true, force: true });
      else
        for (const version of await namesIn(join(this.#dir, name)))
          if (version !== LIVE && !version.startsWith(".") && !versions.has(version))
            await rm(this.folder(name, version), { recursive: true, force: true });
    }
  }
}

const namesIn = (dir: string): Promise<string[]> =>
  readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
