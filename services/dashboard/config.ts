import { z } from "zod";
import { OVERRIDABLE } from "#contract/run-override.ts";
import { logSettings } from "#logstore/log-settings.ts";
import { logLevel } from "#runtime/service-settings.ts";
import { authSettings } from "./auth/auth-settings.ts";
import { LogLinkTemplate } from "./log-link.ts";

/** Exactly the variables the dashboard reads. */
export const DashboardConfig = z
  .object({
    REDIS_URL: z.string().default("redis://127.0.0.1:6379").describe("Where Redis is"),
    WINDLASS_PREFIX: z.string().default("{windlass}").describe("Key prefix; the braces keep all keys in one slot"),
    WINDLASS_HOST: z.string().default("127.0.0.1").describe("Address to listen on; wider than this machine only with a login"),
    WINDLASS_PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe("0 takes a free port"),
    ...logSettings,
    WINDLASS_LOG_LINK: LogLinkTemplate.optional().describe(
      "Where a log is when Windlass keeps none: an address with {pod}, {namespace}, {container}, {start} and {end} (ms)",
    ),
    WINDLASS_RUN_OVERRIDES: z
      .string()
      .default("")
      .transform(text =>
        text
          .split(",")
          .map(name => name.trim())
          .filter(name => name !== ""),
      )
      .refine(names => names.every(name => OVERRIDABLE.has(name)), {
        error: `may name ${[...OVERRIDABLE].join(", ")}`,
      })
      .describe("Options of a pod task that whoever starts a run may override, comma-separated: resources,nodeSelector,env"),
    ...authSettings,
    WINDLASS_BOARD_WRITE: z
      .stringbool()
      .default(true)
      .describe("Lets operators retry, promote and pause jobs in Bull Board; false: read-only for everybody"),
    WINDLASS_ENVIRONMENT: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe("What the installation is called on every page; what begins with 'prod' is shown in red"),
    ...logLevel,
  })
  .refine(({ WINDLASS_USER: user, WINDLASS_PASSWORD: password }) => (user === undefined) === (password === undefined), {
    path: ["WINDLASS_USER"],
    error: "set WINDLASS_USER and WINDLASS_PASSWORD together",
  });
export type DashboardConfig = z.infer<typeof DashboardConfig>;
