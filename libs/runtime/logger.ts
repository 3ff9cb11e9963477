import pino, { type Logger as PinoLogger } from "pino";
import { prettyLine } from "./pretty-line.ts";

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Default "info". */
  level?: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  /** One readable line instead of JSON; for a person at a terminal. Default false. */
  pretty?: boolean;
  /** Where lines go. Default: standard output. */
  write?: (line: string) => void;
}

/** Field names whose values never reach a log, at the top and one level down. */
const SECRET_FIELDS = ["token", "password", "secret", "authorization", "cookie", "kubeconfig"];
const REDACTED = [
  ...SECRET_FIELDS,
  ...SECRET_FIELDS.map(field => `*.${field}`),
  ...SECRET_FIELDS.map(field => `*.headers.${field}`),
];

/** A logger of JSON lines `{level, time, service, event?, msg, …}`; `time` is ISO 8601. Secret fields read "[hidden]". */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  const { level = "info", pretty = false, write = line => process.stdout.write(line) } = options;
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: REDACTED, censor: "[hidden]" },
    },
    { write: pretty ? line => write(prettyLine(line)) : write },
  );
}
