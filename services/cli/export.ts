import { once } from "node:events";
import { parseArgs } from "node:util";
import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import { readConfig } from "#runtime/config.ts";
import { exportRun } from "#state/export-run.ts";
import { openRedis } from "#state/redis.ts";
import { openState } from "#state/state.ts";
import { failWith } from "./fail-with.ts";
import { runsSince } from "./runs-since.ts";

const USAGE = `usage: node services/cli/export.ts [--dag ID] [--since INSTANT]

Writes all that is known of runs to stdout as NDJSON: those of one DAG or of all, created at or after an instant such as
2026-01-31 or 2026-01-31T06:00:00Z; by default all that are stored. The youngest run comes first.`;

const ExportConfig = z.object({
  REDIS_URL: z.string().default("redis://127.0.0.1:6379"),
  WINDLASS_PREFIX: z.string().default("{windlass}"),
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dag: { type: "string" }, since: { type: "string" }, help: { type: "boolean" } } });
  if (values.help) return console.log(USAGE);
  const sinceAt = values.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(values.since);
  if (Number.isNaN(sinceAt)) throw new WindlassError("WL_INPUT", `--since '${values.since}' is no instant\n\n${USAGE}`);
  const config = readConfig(ExportConfig);
  const redis = openRedis(config.REDIS_URL, { role: "fast-fail", name: "export", onError: failWith });
  try {
    await once(redis, "ready");
    const { runs } = openState(redis, config.WINDLASS_PREFIX);
    for await (const { id } of runsSince(runs, values.dag, sinceAt)) {
      for await (const line of exportRun(runs, id)) if (!process.stdout.write(line)) await once(process.stdout, "drain");
    }
  } finally {
    redis.disconnect();
  }
}

// Who reads only the beginning has all that is asked for: "export | head".
process.stdout.on("error", error => ("code" in error && error.code === "EPIPE" ? process.exit(0) : failWith(error)));
await main().catch(failWith);
