import { setTimeout as sleep } from "node:timers/promises";
import type { BundleReply } from "#contract/bundle.ts";
import { WindlassError } from "#core/errors.ts";
import type { ApiClient } from "../../client/api-client.ts";
import { optional } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import type { Context } from "../../frame/context.ts";
import { EXIT } from "../../frame/exit-code.ts";
import { flag, parsed, text, withDefault } from "../../frame/option.ts";
import { durationMs } from "../../input/parse-number.ts";

const LOOK_EVERY_MS = 500;

export const deploy = defineCommand({
  name: "deploy",
  summary: "Send a DAG folder to the server: all of it goes live, or nothing.",
  details:
    "A scheduler reads every file first; a mistake leaves what is live as it is, and exits with 1. The last 20 versions are kept: --to makes one live again.",
  args: { dir: optional("the folder; by default dags", { complete: "file" }) },
  options: {
    name: text("--name <name>", "what the bundle is called; by default as the project in package.json, or this folder"),
    message: text("-m, --message <text>", "what is new"),
    dryRun: flag("--dry-run", "have it read, and let nothing go live"),
    to: text("--to <version>", "make a version live again that is kept, and send nothing"),
    list: flag("--list", "show the versions, and send nothing"),
    timeout: withDefault(parsed("--timeout <duration>", "how long to wait for a scheduler", durationMs), 60_000, "1m"),
  },
  examples: [
    'windlass dags deploy dags --message "$GITHUB_SHA"',
    "windlass dags deploy --list",
    "windlass dags deploy --to 3f0a9c1d2b4e5f60",
  ],
  async run({ args: { dir = "dags" }, options }, context) {
    const { bundleNameOf, readBundle } = await import("../../deploy/read-bundle.ts");
    const { putBundle } = await import("../../../dashboard/routes/put-bundle.ts");
    const { patchBundle } = await import("../../../dashboard/routes/patch-bundle.ts");
    const api = await context.api();
    const bundle = options.name ?? (await bundleNameOf("."));
    if (options.list) {
      await showVersions(await read(api, bundle), context);
      return EXIT.ok;
    }
    const { to: version, message, dryRun, timeout } = options;
    if (version !== undefined) {
      const reply = await api.call(patchBundle, { params: { bundle }, body: { version } });
      return tell(await settled(reply, api, context, timeout), context);
    }
    const files = await readBundle(dir);
    const body = { files, ...(message === undefined ? {} : { message }) };
    const reply = await api.call(putBundle, { params: { bundle }, query: { dryRun }, body });
    return tell(await settled(reply, api, context, timeout), context);
  },
});

async function read(api: ApiClient, bundle: string): Promise<BundleReply> {
  const { showBundle } = await import("../../../dashboard/routes/show-bundle.ts");
  return api.call(showBundle, { params: { bundle } });
}

/** Waits for a scheduler that did not come at once. */
async function settled(
  reply: BundleReply,
  api: ApiClient,
  { io, signal, now }: Context,
  timeoutMs: number,
): Promise<BundleReply> {
  if (reply.status === "checking") io.say("waiting for a scheduler");
  for (const until = now() + timeoutMs; reply.status === "checking"; reply = await read(api, reply.name)) {
    if (now() > until) throw new WindlassError("WL_CLI_TIMEOUT", `no scheduler has looked at bundle '${reply.name}'`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  return reply;
}

const SENTENCES: Readonly<Record<BundleReply["status"], string>> = {
  live: "is live",
  good: "is good; nothing was changed",
  refused: "is refused; what was live still is",
  checking: "is being looked at",
};

async function tell(bundle: BundleReply, { show }: Context) {
  const { name, version, status, dags, problems } = bundle;
  await show({
    data: bundle,
    rows: [bundle],
    columns: [],
    name: () => version,
    lines: [
      `${name} ${version} ${SENTENCES[status]}${dags.length === 0 ? "" : `: ${dags.join(", ")}`}`,
      ...problems.map(({ file, line, code, message }) => `${file}:${line ?? 1}: ${code}: ${message}`),
    ],
  });
  return status === "refused" ? EXIT.failed : EXIT.ok;
}

async function showVersions({ versions }: BundleReply, { show }: Context): Promise<void> {
  await show({
    data: versions,
    rows: versions,
    columns: [
      { title: "VERSION", cell: ({ version }) => version },
      { title: "SENT", cell: ({ sentAt }) => sentAt },
      { title: "BY", cell: ({ by }) => by },
      { title: "FILES", cell: ({ files }) => String(files) },
      { title: "LIVE", cell: ({ active }) => (active ? "yes" : "") },
      { title: "MESSAGE", cell: ({ message = "" }) => message },
    ],
    name: ({ version }) => version,
    empty: "no version was sent",
  });
}
