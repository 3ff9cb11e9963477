import { bundledFile, bundlePlace } from "#core/bundle-files.ts";
import type { Horizon } from "#core/schedule/horizon.ts";
import { type DagSource, type DagSourceOptions, startDagSource } from "./dag-source.ts";
import type { TickQuestions } from "./load-reply.ts";
import { SharedPublisher } from "./shared-publisher.ts";

const FOLDER = "folder";

/** The DAG folder, and beside it the folders of bundles, which come and go. Files of bundles are called `bundle:NAME/path`. */
export class DagSources implements DagSource {
  readonly ready: Promise<void>;
  readonly #options: DagSourceOptions;
  readonly #publisher: SharedPublisher;
  readonly #folder: DagSource;
  readonly #bundles = new Map<string, DagSource>();

  constructor(options: DagSourceOptions) {
    this.#options = options;
    this.#publisher = new SharedPublisher(options.publish);
    this.#folder = startDagSource({ ...options, publish: this.#publisher.for(FOLDER, file => file) });
    this.ready = this.#folder.ready;
  }

  /** Whether the bundle's folder is followed. */
  hasBundle(name: string): boolean {
    return this.#bundles.has(name);
  }

  /** Follows the bundle's folder, or reads it anew. Resolves when what is in it is published. */
  async openBundle(name: string, dir: string): Promise<void> {
    const known = this.#bundles.get(name);
    if (known !== undefined) return known.reload();
    const nameOf = (file: string) => bundledFile(name, file);
    const { onLoaded } = this.#options;
    const source = startDagSource({
      ...this.#options,
      dir,
      publish: this.#publisher.for(nameOf(""), nameOf),
      ...(onLoaded === undefined ? {} : { onLoaded: file => onLoaded(nameOf(file)) }),
    });
    this.#bundles.set(name, source);
    await source.ready;
  }

  /** Takes the bundle's DAGs away. */
  async dropBundle(name: string): Promise<void> {
    const source = this.#bundles.get(name);
    this.#bundles.delete(name);
    await source?.close();
    await this.#publisher.drop(bundledFile(name, ""));
  }

  async reload(): Promise<void> {
    await Promise.all([this.#folder, ...this.#bundles.values()].map(source => source.reload()));
  }

  files(): string[] {
    const bundled = [...this.#bundles].flatMap(([name, source]) => source.files().map(file => bundledFile(name, file)));
    return [...this.#folder.files(), ...bundled];
  }

  async ask(file: string, questions: TickQuestions): Promise<Map<string, Horizon>> {
    const place = bundlePlace(file);
    if (place === undefined) return this.#folder.ask(file, questions);
    return (await this.#bundles.get(place.bundle)?.ask(place.path, questions)) ?? new Map();
  }

  async close(): Promise<void> {
    await Promise.all([this.#folder, ...this.#bundles.values()].map(source => source.close()));
  }
}
