import { type FSWatcher, watch } from "node:fs";

/** Tells that something in a set of folders may have changed. It may miss changes: who relies on it looks by himself now and then. */
export class FolderWatcher {
  readonly #onChange: () => void;
  readonly #onTrouble: (folder: string, error: Error) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Of some folders only these names matter. */
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  constructor(onChange: () => void, onTrouble: (folder: string, error: Error) => void) {
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
  }

  /**
   * Watches exactly these folders, without the folders in them.
   * @param folders of which everything matters
   * @param names of which only some names matter: a link may lie in a busy folder such as /tmp
   */
  watch(folders: readonly string[], names: ReadonlyMap<string, ReadonlySet<string>> = new Map()): void {
    this.#names = new Map([...names].filter(([folder]) => !folders.includes(folder)));
    const wanted = new Set([...folders, ...names.keys()]);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#unwatch(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#open(folder);
  }

  close(): void {
    this.watch([]);
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        // Not every system tells the name.
        if (name === null || this.#names.get(folder)?.has(name) !== false) this.#onChange();
      });
      watcher.on("error", error => this.#fail(folder, error));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#fail(folder, error as Error);
    }
  }

  #fail(folder: string, error: Error): void {
    this.#unwatch(folder);
    this.#onTrouble(folder, error);
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
