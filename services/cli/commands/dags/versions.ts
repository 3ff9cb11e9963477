import { listVersions } from "../../../dashboard/routes/list-versions.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { shortInstant } from "../../output/short-instant.ts";
import { shortVersion } from "../../output/short-version.ts";

export const versions = defineCommand({
  name: "versions",
  summary: "List the versions of a DAG, the youngest first.",
  args: { dag: required("the DAG's id", { complete: "dag" }) },
  options: {},
  async run({ args: { dag: dagId } }, context) {
    const api = await context.api();
    const rows = await collect(allPages(api, listVersions, { params: { dagId } }), page => page.versions);
    await context.show({
      data: rows,
      rows,
      columns: [
        { title: "VERSION", cell: row => shortVersion(row.version) },
        { title: "PUBLISHED", cell: row => shortInstant(row.publishedAt) },
        { title: "CURRENT", cell: row => (row.current ? "yes" : undefined) },
      ],
      name: row => row.version,
    });
  },
});
