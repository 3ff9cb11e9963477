import type { z } from "zod";
import type { DiffReply } from "#contract/version.ts";
import { WindlassError } from "#core/errors.ts";
import { diffVersions } from "../../../dashboard/routes/diff-versions.ts";
import { listVersions } from "../../../dashboard/routes/list-versions.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { optional, required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { paint } from "../../output/colours.ts";
import { shortVersion } from "../../output/short-version.ts";

type Diff = z.infer<typeof DiffReply>;

export const diff = defineCommand({
  name: "diff",
  summary: "Show what differs between two versions of a DAG.",
  details:
    "A version may be cut short. Without versions: the current one against the one before it. With one: that one against the current one.",
  args: {
    dag: required("the DAG's id", { complete: "dag" }),
    from: optional("the older version"),
    to: optional("the newer version"),
  },
  options: {},
  async run({ args: { dag: dagId, from, to } }, context) {
    const api = await context.api();
    const versions = await collect(allPages(api, listVersions, { params: { dagId } }), page => page.versions);
    const whole = (written: string | undefined) =>
      written === undefined ? undefined : (versions.find(({ version }) => version.startsWith(written))?.version ?? written);
    const newer = whole(to) ?? versions.find(({ current }) => current)?.version ?? versions[0]?.version;
    const older = whole(from) ?? versions.find(({ version }) => version !== newer)?.version;
    if (newer === undefined || older === undefined)
      throw new WindlassError("WL_VERSION_UNKNOWN", `'${dagId}' has only one version`);
    const reply = await api.call(diffVersions, { params: { dagId }, query: { from: older, to: newer } });
    const lines = diffLines(reply).map(line =>
      context.io.colours && COLOURS[line[0]!] ? paint(line, COLOURS[line[0]!]!) : line,
    );
    await context.show({ data: reply, rows: [reply], columns: [], name: () => `${older}..${newer}`, lines });
  },
});

const COLOURS: Readonly<Record<string, "green" | "red">> = { "+": "green", "-": "red" };

/** As a patch reads: what is gone with "-", what has come with "+". */
function diffLines({ from, to, added, removed, changed, dag }: Omit<Diff, "links">): string[] {
  const differences = (list: Diff["dag"]) =>
    list.flatMap(({ path, from: before, to: after }) => [
      ...(before === undefined ? [] : [`-   ${path}: ${JSON.stringify(before)}`]),
      ...(after === undefined ? [] : [`+   ${path}: ${JSON.stringify(after)}`]),
    ]);
  const lines = [
    ...removed.map(id => `- task ${id}`),
    ...added.map(id => `+ task ${id}`),
    ...(dag.length === 0 ? [] : ["  the DAG", ...differences(dag)]),
    ...changed.flatMap(({ taskId, differences: list }) => [`  task ${taskId}`, ...differences(list)]),
  ];
  return [`  ${shortVersion(from)} → ${shortVersion(to)}`, ...(lines.length === 0 ? ["  nothing differs"] : lines)];
}
