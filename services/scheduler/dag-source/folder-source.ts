import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Horizon } from "#core/schedule/horizon.ts";
import { CatalogSync } from "./catalog-sync.ts";
import { coalesce } from "./coalesce.ts";
import { DagCatalog } from "./dag-catalog.ts";
import { askDagFile, LOAD_LIMITS, type LoadResult, loadDagFile } from "./dag-loader.ts";
import type { DagSource, DagSourceOptions } from "./dag-source.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import { linkFolders } from "./link-folders.ts";
import { LoadLedger } from "./load-ledger.ts";
import { LoadQueue } from "./load-queue.ts";
import type { TickQuestions } from "./load-reply.ts";
import { pathBelow, publishedDag } from "./published-dag.ts";
import { type Scan, scanDags } from "./scan-dags.ts";

const CHILDREN = 2;
const DEBOUNCE_MS = 30;
/** Looks for what the watchers miss, on network folders and bind mounts: at least so far apart… */
const SWEEP_MS = 2_000;
/** …so far in a large folder that the looking takes this share of a core… */
const SWEEP_SHARE = 0.004;
/** …and never further. */
const LONGEST_SWEEP_MS = 60_000;
/** A longer file has no readers. */
const MAX_SOURCE_CHARACTERS = 512 * 1024;

/** Scan the folder → load what changed → catalog → publish. Every stage may be asked for at any time and works from what is there then. */
export class FolderSource implements DagSource {
  readonly ready: Promise<void>;
  readonly #options: DagSourceOptions;
  readonly #catalog = new DagCatalog();
  readonly #ledger = new LoadLedger();
  readonly #queue = new LoadQueue(CHILDREN, (path, signal) => this.#load(path, signal));
  readonly #sync: CatalogSync;
  readonly #watcher: FolderWatcher;
  readonly #stop = new AbortController();
  #sweep: NodeJS.Timeout | undefined;
  #debounce: NodeJS.Timeout | undefined;
  #scan: Scan | undefined;

  readonly #look = coalesce(() => this.#scanFolder());
  readonly #publish = coalesce(() => this.#sync.sync(this.#catalog, this.#queue.isIdle));

  constructor(options: DagSourceOptions) {
    const { publish, log, signal } = options;
    this.#options = options;
    this.#sync = new CatalogSync(publish, this.#stop.signal, (what, err) =>
      log.warn({ event: "dag.publishFailed", err }, `${what} could not be published; trying again`),
    );
    this.#watcher = new FolderWatcher(
      () => this.#lookSoon(),
      (folder, err) => log.debug({ event: "dag.watchFailed", folder, err }, "looking at the folder from time to time instead"),
    );
    this.#sweepIn(SWEEP_MS);
    signal.addEventListener("abort", () => void this.close(), { once: true, signal: this.#stop.signal });
    if (signal.aborted) void this.close();
    this.ready = this.#start();
  }

  async reload(): Promise<void> {
    this.#ledger.clear();
    await this.#look();
    await this.#queue.idle();
    await this.#publish();
  }

  files(): string[] {
    return [...(this.#scan?.files.keys() ?? [])];
  }

  async ask(file: string, questions: TickQuestions): Promise<Map<string, Horizon>> {
    const root = await realpath(this.#options.dir);
    return askDagFile(join(root, file), root, questions, this.#stop.signal, this.#options.limits ?? LOAD_LIMITS);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#sweep);
    clearTimeout(this.#debounce);
    await this.#look();
    this.#watcher.close();
    await this.#queue.close();
    await this.#publish();
  }

  async #start(): Promise<void> {
    await this.#look();
    await this.#queue.idle();
    this.#catalog.keepOwners();
    await this.#publish();
  }

  #sweepIn(ms: number): void {
    if (this.#stop.signal.aborted) return;
    this.#sweep = setTimeout(async () => {
      const before = process.cpuUsage();
      await this.#look();
      const { user, system } = process.cpuUsage(before);
      const spentMs = (user + system) / 1_000;
      this.#sweepIn(Math.min(Math.max(SWEEP_MS, spentMs / SWEEP_SHARE), LONGEST_SWEEP_MS));
    }, ms);
  }

  #lookSoon(): void {
    if (this.#stop.signal.aborted) return;
    this.#debounce ??= setTimeout(() => {
      this.#debounce = undefined;
      void this.#look();
    }, DEBOUNCE_MS);
  }

  async #scanFolder(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const scan = await this.#readFolder();
    if (scan !== undefined) this.#take(scan);
    await this.#publish();
  }

  async #readFolder(): Promise<Scan | undefined> {
    const { dir } = this.#options;
    try {
      const scan = await scanDags(dir, this.#scan);
      this.#watcher.watch(scan.folders, await linkFolders(dir));
      this.#catalog.removed(".");
      return scan;
    } catch (error) {
      // A folder that is away for a moment takes no DAG with it.
      const message = `the DAG folder cannot be read: ${(error as Error).message}`;
      this.#catalog.failed(".", { file: ".", code: "WL_DAG_IMPORT", message, at: Date.now() });
      return undefined;
    }
  }

  #take(scan: Scan): void {
    const before = this.#scan?.files.keys() ?? [];
    this.#scan = scan;
    for (const path of before) {
      if (scan.files.has(path)) continue;
      this.#queue.drop(path);
      this.#ledger.forget(path);
      this.#catalog.removed(path);
    }
    const due = this.#ledger.due(scan);
    for (const path of due) {
      // From now on it counts as loaded from this scan: the next one must not ask again.
      this.#ledger.begin(path, scan);
      this.#queue.put(path);
    }
    // Removals wait for the last of the loads.
    if (due.length > 0) void this.#queue.idle().then(() => this.#publish());
  }

  async #load(path: string, signal: AbortSignal): Promise<void> {
    const scan = this.#scan;
    if (scan === undefined) return;
    this.#ledger.begin(path, scan);
    const result = await this.#loadFile(path, scan, signal);
    const source = result === undefined ? undefined : await this.#textOf(path, scan);
    const isTorn = result?.error !== undefined && (await this.#isReplaced(scan));
    if (result === undefined || signal.aborted) return;
    if (isTorn) {
      // What went wrong in a folder that was swapped meanwhile says nothing about the file.
      this.#ledger.forget(path);
      return this.#lookSoon();
    }
    this.#record(path, scan, result, source);
    await this.#publish();
  }

  async #loadFile(path: string, { root }: Scan, signal: AbortSignal): Promise<LoadResult | undefined> {
    try {
      return await loadDagFile(join(root, path), root, signal, this.#options.limits ?? LOAD_LIMITS);
    } catch (error) {
      if (signal.aborted) return undefined;
      return { dags: [], error: { code: "WL_DAG_IMPORT", message: (error as Error).message }, imports: [], output: "" };
    }
  }

  /** What people see as the DAG's source. A file that changes this moment is loaded again, and read again. */
  async #textOf(path: string, { root }: Scan): Promise<string | undefined> {
    const text = await readFile(join(root, path), "utf8").catch(() => undefined);
    return text === undefined || text.length > MAX_SOURCE_CHARACTERS ? undefined : text;
  }

  /** A folder that is away at the moment is about to be replaced. */
  async #isReplaced(scan: Scan): Promise<boolean> {
    return (await realpath(this.#options.dir).catch(() => undefined)) !== scan.root;
  }

  #record(path: string, scan: Scan, { dags, error, imports, output }: LoadResult, source: string | undefined): void {
    const at = Date.now();
    this.#ledger.end(
      path,
      scan,
      imports.map(file => pathBelow(scan, file)),
      error !== undefined,
    );
    if (error !== undefined) {
      const file = error.file === undefined ? path : pathBelow(scan, error.file);
      const message = file === path ? error.message : `${error.message} (imported by ${path})`;
      const line = error.line === undefined ? {} : { line: error.line };
      const evidence = output === "" ? {} : { evidence: output };
      const importedBy = file === path ? {} : { importedBy: path };
      this.#catalog.failed(path, { file, ...importedBy, ...line, code: error.code, message, at, ...evidence });
    } else if (dags.length === 0 && this.#catalog.has(path)) {
      const message = "the file exports no DAG any more: export one again, or delete the file to remove its DAGs";
      this.#catalog.failed(path, { file: path, code: "WL_DAG_EXPORT", message, at });
    } else {
      this.#catalog.loaded(
        path,
        dags.map(spec => publishedDag(spec, path, scan, source)),
        at,
      );
      this.#options.onLoaded?.(path);
    }
    this.#options.log.debug({ event: "dag.loaded", file: path, dags: dags.length, code: error?.code, output });
  }
}
