import { listAudit } from "../../dashboard/routes/list-audit.ts";
import { allPages, collect } from "../client/all-pages.ts";
import { defineCommand } from "../frame/command.ts";
import { parsed, text, withDefault } from "../frame/option.ts";
import { parseInstant } from "../input/parse-instant.ts";
import { wholeNumber } from "../input/parse-number.ts";
import { shortInstant } from "../output/short-instant.ts";

const PAGE = 200;

export const auditCommand = defineCommand({
  name: "audit",
  summary: "List who asked for what, the youngest first: every write and every login, also what was refused.",
  args: {},
  options: {
    who: text("--who <name>", "only what this person or token did"),
    what: text("--what <text>", "only operations that begin so: POST, board., PUT /api/v1/pools"),
    target: text("--target <text>", "only what was done to this: a part of an id"),
    since: text("--since <time>", "only since then: -2h, 2026-11-01"),
    until: text("--until <time>", "only until then"),
    limit: withDefault(parsed("-n, --limit <number>", "how many at most", wholeNumber(1)), 50),
  },
  async run({ options: { who, what, target, since, until, limit } }, context) {
    const instant = (written: string | undefined) =>
      written === undefined ? undefined : new Date(parseInstant(written, context.now())).toISOString();
    const api = await context.api();
    const query = { who, what, target, since: instant(since), until: instant(until), limit: Math.min(limit, PAGE) };
    const rows = await collect(allPages(api, listAudit, { query }), page => page.entries, limit);
    await context.show({
      data: rows,
      rows,
      columns: [
        { title: "AT", cell: row => shortInstant(row.at) },
        { title: "WHO", cell: row => row.who },
        { title: "WHAT", cell: row => row.what },
        { title: "TARGET", cell: row => row.target || undefined },
        { title: "STATUS", cell: row => row.status, colour: row => (row.status >= 400 ? "red" : undefined) },
        { title: "FROM", cell: row => row.from, wide: true },
        { title: "REQUEST", cell: row => row.requestId, wide: true },
      ],
      name: row => row.id,
      empty: "Nothing of that kind was asked for.",
    });
  },
});
