import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type DagFileError,
  type DagSource,
  type DagSourceOptions,
  type PublishedDag,
  startDagSource,
} from "../../../services/scheduler/dag-source/dag-source.ts";

const DEADLINE_MS = 15_000;

/** A DAG folder of its own, a source that watches it, and what that has published so far. */
export class SourceBench {
  readonly home: string;
  readonly dir: string;
  /** Everything published, in order: "+id", "-id", "!CODE file". */
  readonly story: string[] = [];
  readonly live = new Map<string, PublishedDag>();
  errors: readonly DagFileError[] = [];
  /** Set to let the publisher fail. */
  refuses: Error | undefined;
  source!: DagSource;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor(home: string, dir: string) {
    this.home = home;
    this.dir = dir;
  }

  /** `dir` is the folder to watch, below the bench's home. Default: "dags". */
  static async open(dir = "dags"): Promise<SourceBench> {
    const home = await mkdtemp(join(tmpdir(), "windlass-dags-"));
    return new SourceBench(home, join(home, dir));
  }

  /** Writes a file below the home in one move, so that nobody sees half of it. */
  async write(path: string, text: string): Promise<void> {
    const target = join(this.home, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(join(this.home, ".new"), text);
    await rename(join(this.home, ".new"), target);
  }

  async remove(path: string): Promise<void> {
    await unlink(join(this.home, path));
  }

  /** Points a link below the home to `target`, replacing an older one in one move. */
  async link(path: string, target: string): Promise<void> {
    await symlink(target, join(this.home, ".link"));
    await rename(join(this.home, ".link"), join(this.home, path));
  }

  async start(limits?: DagSourceOptions["limits"]): Promise<this> {
    const take = (entry: string, change: () => void): void => {
      if (this.refuses !== undefined) throw this.refuses;
      change();
      this.story.push(entry);
      for (const look of this.#waiting) look();
    };
    this.source = startDagSource({
      dir: this.dir,
      signal: this.#stop.signal,
      log: { debug: () => undefined, warn: () => undefined },
      publish: {
        dagChanged: dag => take(`+${dag.spec.id}`, () => this.live.set(dag.spec.id, dag)),
        dagRemoved: id => take(`-${id}`, () => this.live.delete(id)),
        errorsChanged: errors =>
          take(errors.length === 0 ? "no errors" : errors.map(error => `!${error.code} ${error.file}`).join(", "), () => {
            this.errors = errors;
          }),
      },
      ...(limits === undefined ? {} : { limits }),
    });
    await this.source.ready;
    return this;
  }

  /** Resolves as soon as the published state fits. */
  until(fits: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => fits() && resolve();
    const deadline = setTimeout(
      () => reject(new Error(`not within ${DEADLINE_MS} ms; published: ${this.story.join(" ")}`)),
      DEADLINE_MS,
    );
    this.#waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(deadline);
      this.#waiting.delete(look);
    });
  }

  ids(): string[] {
    return [...this.live.keys()].sort();
  }

  codes(): string[] {
    return this.errors.map(({ code, file, line }) => `${code} ${file}${line === undefined ? "" : `:${line}`}`);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.source?.close();
    await rm(this.home, { recursive: true, force: true });
  }
}

/** A DAG file with one task. */
export const dagFile = (id: string, image = "img:1"): string =>
  `import { dag } from "windlass";\nexport default dag("${id}", {}, d => { d.pod("only", { image: "${image}" }); });\n`;
