/** What completion offers for a word: ids that the server knows, files, or nothing. */
export type Completion = "dag" | "run" | "task" | "file" | "profile" | "variable" | "pool" | "queue" | "worker" | "backfill";

interface ArgumentOptions {
  complete?: Completion;
}

/** A word behind the command's name; its name in the help is its key in the command's table. */
export interface Argument<Value> {
  kind: "required" | "optional" | "many" | "some";
  meaning: string;
  complete?: Completion;
  /** Only for the compiler: what the handler gets. */
  value?: Value;
}

export const required = (meaning: string, options: ArgumentOptions = {}): Argument<string> => ({
  kind: "required",
  meaning,
  ...options,
});

export const optional = (meaning: string, options: ArgumentOptions = {}): Argument<string | undefined> => ({
  kind: "optional",
  meaning,
  ...options,
});

/** All words that are left, and none is as good. */
export const many = (meaning: string, options: ArgumentOptions = {}): Argument<string[]> => ({
  kind: "many",
  meaning,
  ...options,
});

/** All words that are left, at least one. */
export const some = (meaning: string, options: ArgumentOptions = {}): Argument<string[]> => ({
  kind: "some",
  meaning,
  ...options,
});
