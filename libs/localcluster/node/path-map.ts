/** Characters that may continue a path: a mapped path must not be followed or preceded by one. */
const BEFORE = "(?<![\\w.\\-/])";
const AFTER = "(?![\\w.\\-])";

/**
 * Without a mount namespace a container's mounts are somewhere else on this machine. This map rewrites their paths where the pod
 * itself writes them: in commands, args and values of env. A path a program puts together at run time is not seen.
 */
export class PathMap {
  readonly #paths: [pattern: RegExp, real: string][];

  /** @param paths container path → path on this machine; the longest match wins */
  constructor(paths: Record<string, string>) {
    const ordered = Object.entries(paths).sort(([a], [b]) => b.length - a.length);
    this.#paths = ordered.map(([path, real]) => [new RegExp(`${BEFORE}${RegExp.escape(path)}${AFTER}`, "g"), real]);
  }

  rewrite(text: string): string {
    return this.#paths.reduce((result, [pattern, real]) => result.replace(pattern, () => real), text);
  }
}
