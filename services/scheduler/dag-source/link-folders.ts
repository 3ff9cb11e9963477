import { lstat, readlink } from "node:fs/promises";
import { join, resolve } from "node:path";

const partsOf = (path: string): string[] => path.split("/").filter(part => part !== "");

/** As many links as the system itself follows; more are a circle. */
const MAX_LINKS = 40;

/**
 * The symbolic links on the way to `path`, by the folders that hold them. A tool such as git-sync publishes by swapping a link, which nobody
 * sees who watches only what the link leads to.
 */
export async function linkFolders(path: string): Promise<Map<string, Set<string>>> {
  const links = new Map<string, Set<string>>();
  const rest = partsOf(resolve(path));
  let place = "/";
  for (let followed = 0; rest.length > 0 && followed < MAX_LINKS; ) {
    const name = rest.shift()!;
    const next = join(place, name);
    if ((await lstat(next)).isSymbolicLink()) {
      links.set(place, (links.get(place) ?? new Set()).add(name));
      rest.unshift(...partsOf(resolve(place, await readlink(next))));
      place = "/";
      followed++;
    } else {
      place = next;
    }
  }
  return links;
}
