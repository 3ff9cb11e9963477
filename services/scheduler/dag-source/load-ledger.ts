import type { Scan } from "./scan-dags.ts";

interface Load {
  /** The file itself and what it imported, with the hashes they had. */
  inputs: Map<string, string | undefined>;
  root: string;
  namesHash: string;
  dataHash: string;
  failed: boolean;
}

/** Remembers what each file was loaded from, and so knows which have to be loaded again. */
export class LoadLedger {
  readonly #loads = new Map<string, Load>();

  begin(path: string, { root, namesHash, dataHash, files }: Scan): void {
    this.#loads.set(path, { root, namesHash, dataHash, failed: false, inputs: new Map([[path, files.get(path)?.hash]]) });
  }

  /** @param imports paths of the scan that the load had begun with */
  end(path: string, scan: Scan, imports: readonly string[], failed: boolean): void {
    const load = this.#loads.get(path);
    if (load === undefined) return;
    for (const input of imports) load.inputs.set(input, scan.files.get(input)?.hash);
    load.failed = failed;
  }

  forget(path: string): void {
    this.#loads.delete(path);
  }

  clear(): void {
    this.#loads.clear();
  }

  /** The modules that were never loaded, or not from what there is now. */
  due(scan: Scan): string[] {
    return [...scan.files.values()].filter(file => file.kind === "module" && this.#isDue(file.path, scan)).map(file => file.path);
  }

  #isDue(path: string, scan: Scan): boolean {
    const load = this.#loads.get(path);
    if (load === undefined || load.dataHash !== scan.dataHash) return true;
    for (const [input, hash] of load.inputs) if (scan.files.get(input)?.hash !== hash) return true;
    // What failed may have missed a file that has come since, or have read from a folder that was being replaced.
    return load.failed && (load.namesHash !== scan.namesHash || load.root !== scan.root);
  }
}
