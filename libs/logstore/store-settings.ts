/** What every store can be told. */
export interface StoreSettings {
  /** What is kept of one log: its first tenth, and its end. Default 100 MiB. */
  maxBytes?: number;
  /** Told of writes that fail in the background; `name` is the log's in the store. Default: a warning of the process. */
  onError?: (error: unknown, name: string) => void;
  /** Default: the machine's clock. */
  now?: () => number;
}

export const STORE_DEFAULTS: Required<StoreSettings> = {
  maxBytes: 100 * 1024 * 1024,
  onError: (error, name) => process.emitWarning(`cannot write the log ${name}: ${String(error)}`),
  now: Date.now,
};
