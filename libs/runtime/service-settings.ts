import { z } from "zod";

/** What every service reads. */
export const logLevel = {
  WINDLASS_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("How much is logged"),
};

/** What every service reads that people do not talk to. @param port of its health server by default */
export const backgroundSettings = (port: number) => ({
  ...logLevel,
  WINDLASS_HEALTH_HOST: z.string().default("127.0.0.1").describe("Address of the health server"),
  WINDLASS_HEALTH_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(port)
    .describe("Port of /livez, /readyz and /metrics; 0 takes a free one"),
});
