import { bundlePlace } from "#core/bundle-files.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Bundle, BundleStore, BundleVerdict } from "#state/bundle-store.ts";
import type { DagStore } from "#state/dag-store.ts";
import { checkFolder } from "../dag-source/check-folder.ts";
import { coalesce } from "../dag-source/coalesce.ts";
import type { DagSources } from "../dag-source/dag-sources.ts";
import type { BundleFolders } from "./bundle-folders.ts";

export interface BundleKeeperDeps {
  store: BundleStore;
  dags: Pick<DagStore, "listDags">;
  folders: BundleFolders;
  sources: Pick<DagSources, "hasBundle" | "openBundle" | "dropBundle">;
  now(): number;
  log: Logger;
  /** The end of the term. */
  signal: AbortSignal;
}

/** Looks at least so often: a message may have been lost. */
const LOOK_MS = 10_000;

/** The leader's part of bundles: reads what was sent, answers whoever sent it, and has what is good beside the DAG folder. */
export class BundleKeeper {
  readonly #deps: BundleKeeperDeps;
  /** The version of each bundle that is followed. */
  readonly #open = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  readonly #look = coalesce(() => this.#pass());

  constructor(deps: BundleKeeperDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** Bundles were sent, asked for or removed. Resolves when that is done; never rejects. */
  look(): Promise<void> {
    return this.#look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#look();
  }

  async #pass(): Promise<void> {
    const { store, folders, sources, signal, log } = this.#deps;
    try {
      if (signal.aborted) return;
      const bundles = await store.list();
      for (const bundle of bundles) await this.#keep(bundle);
      const names = new Set(bundles.map(({ name }) => name));
      for (const name of [...this.#open.keys()].filter(name => !names.has(name))) {
        this.#open.delete(name);
        await sources.dropBundle(name);
      }
      await folders.prune(new Map(bundles.map(({ name, versions }) => [name, new Set(versions.map(({ version }) => version))])));
    } catch (err) {
      if (!signal.aborted) log.warn({ event: "bundle.failed", err }, "bundles could not be looked at; trying again");
    }
  }

  async #keep(bundle: Bundle): Promise<void> {
    const { name, request, verdict, active } = bundle;
    // What is live is followed before what is new is looked at: a mistake in that changes nothing.
    if (active !== undefined && this.#open.get(name) !== active) await this.#follow(name, active);
    if ((verdict?.number ?? 0) < request.number) await this.#settle(bundle);
  }

  async #settle({ name, request }: Bundle): Promise<void> {
    const { store, dags, folders, now, log, signal } = this.#deps;
    const { number, version, dryRun } = request;
    const files = await store.files(name, version);
    // Removed meanwhile.
    if (files === undefined) return;
    await folders.write(name, version, files);
    const rows = await dags.listDags();
    const others = new Map(rows.filter(({ file }) => bundlePlace(file)?.bundle !== name).map(({ id, file }) => [id, file]));
    const found = await checkFolder(folders.folder(name, version), id => others.get(id), signal);
    const isGood = found.problems.length === 0;
    if (isGood && !dryRun) await this.#follow(name, version);
    const verdict: BundleVerdict = {
      number,
      version,
      dryRun,
      at: now(),
      dags: isGood ? found.dags : [],
      problems: found.problems,
    };
    await store.settle(name, verdict);
    const event = isGood ? (dryRun ? "bundle.good" : "bundle.live") : "bundle.refused";
    log.info({ event, bundle: name, version, by: request.by, dags: verdict.dags, problems: found.problems.length });
  }

  /** Brings a version beside the DAG folder. Resolves when its DAGs are published. */
  async #follow(name: string, version: string): Promise<void> {
    const { store, folders, sources } = this.#deps;
    const files = (await folders.has(name, version)) ? undefined : await store.files(name, version);
    if (files !== undefined) await folders.write(name, version, files);
    await folders.link(name, version);
    await sources.openBundle(name, folders.live(name));
    this.#open.set(name, version);
  }
}
