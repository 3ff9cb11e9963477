import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import { openFileLogStore } from "./file-log-store.ts";
import type { LogStore } from "./log-store.ts";
import { openS3LogStore } from "./s3/s3-log-store.ts";

/** The variables about task logs: workers and dashboards read the same ones, and have to be given the same values. */
export const logSettings = {
  WINDLASS_LOG_STORE: z
    .enum(["files", "s3", "none"])
    .default("files")
    .describe("Where task logs are kept; 'none': the cluster's own logging keeps them"),
  WINDLASS_LOGS_DIR: z
    .string()
    .default(".windlass/logs")
    .describe("files: the folder, on a volume that all share; 'off' keeps none"),
  WINDLASS_LOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1_000_000)
    .default(100 * 1024 * 1024)
    .describe("What is kept of one container's log of one try: its first tenth, and its end"),
  WINDLASS_LOG_S3_URL: z.url().optional().describe("s3: of the bucket, for example https://s3.example.org/my-logs"),
  WINDLASS_LOG_S3_REGION: z.string().default("us-east-1").describe("s3: the bucket's region"),
  WINDLASS_LOG_S3_PREFIX: z.string().default("windlass-logs").describe("s3: folder of the bucket"),
  WINDLASS_LOG_S3_ACCESS_KEY_ID: z.string().optional().describe("s3: who writes and reads"),
  WINDLASS_LOG_S3_SECRET_ACCESS_KEY: z.string().optional().describe("s3: the key to it; better from a file"),
};

const LogSettings = z.object(logSettings);
export type LogSettings = z.infer<typeof LogSettings>;

/**
 * @returns undefined when logs are not kept by Windlass
 * @throws {WindlassError} WL_CONFIG naming what the store lacks
 */
export function openLogStore(settings: LogSettings, onError?: (error: unknown, name: string) => void): LogStore | undefined {
  const maxBytes = settings.WINDLASS_LOG_MAX_BYTES;
  const more = onError === undefined ? {} : { onError };
  switch (settings.WINDLASS_LOG_STORE) {
    case "none":
      return undefined;
    case "files": {
      const { WINDLASS_LOGS_DIR: dir } = settings;
      return dir === "off" ? undefined : openFileLogStore({ dir, maxBytes, ...more });
    }
    case "s3":
      return openS3LogStore({
        url: required(settings, "WINDLASS_LOG_S3_URL"),
        region: settings.WINDLASS_LOG_S3_REGION,
        prefix: settings.WINDLASS_LOG_S3_PREFIX,
        accessKeyId: required(settings, "WINDLASS_LOG_S3_ACCESS_KEY_ID"),
        secretAccessKey: required(settings, "WINDLASS_LOG_S3_SECRET_ACCESS_KEY"),
        maxBytes,
        ...more,
      });
    default:
      return settings.WINDLASS_LOG_STORE satisfies never;
  }
}

function required<Name extends keyof LogSettings>(settings: LogSettings, name: Name): NonNullable<LogSettings[Name]> {
  const value = settings[name];
  if (value === undefined) throw new WindlassError("WL_CONFIG", `WINDLASS_LOG_STORE is 's3', and ${name} is not set`);
  return value;
}
