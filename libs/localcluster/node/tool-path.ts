import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Where a machine keeps its ordinary tools. The user's own PATH is not looked at: an image has no aliases and no version managers. */
const SYSTEM_PATH = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** A directory of links that is the whole PATH of an image. A tool this machine lacks is simply absent. */
export class ToolPath {
  readonly #directory: string;

  constructor(directory: string, family: string) {
    this.#directory = join(directory, family, "bin");
  }

  /** Links the tools found on this machine, and the given programs under their names; returns the directory. */
  make(tools: string[], programs: Record<string, string>): string {
    mkdirSync(this.#directory, { recursive: true });
    const found = tools.flatMap(tool =>
      ToolPath.search(tool, SYSTEM_PATH)
        .slice(0, 1)
        .map(file => [tool, file] as const),
    );
    const links = new Map([...found, ...Object.entries(programs)]);
    for (const [name, file] of links) symlinkSync(file, join(this.#directory, name));
    return this.#directory;
  }

  /** The executable files of that name, in the order of the directories. */
  static search(tool: string, directories: string[]): string[] {
    return directories.map(directory => join(directory, tool)).filter(isExecutable);
  }
}

/** Whether this is a file that may be executed. */
export function isExecutable(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
}
