import type { Environment } from "#runtime/config.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { Io } from "../output/io.ts";
import type { Shown } from "../output/show.ts";

/** All that a command reaches of the world around it. */
export interface Context {
  io: Io;
  env: Environment;
  /** Aborted by Ctrl-C and SIGTERM; what a command waits for takes it. */
  signal: AbortSignal;
  /** Milliseconds. */
  now(): number;
  /** The client of the server that profile, environment or --url name. Nothing is sent yet. */
  api(): Promise<ApiClient>;
  /** Writes data to standard output in the format of -o. */
  show<Row>(shown: Shown<Row>): Promise<void>;
  /** What -o says. */
  format: OutputFormat;
  /** What --profile says. */
  profile: string | undefined;
  /** What --url says. */
  url: string | undefined;
}

export const OUTPUT_FORMATS = ["table", "wide", "json", "yaml", "name"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
