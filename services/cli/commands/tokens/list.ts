import type { TokenReply } from "#contract/token.ts";
import { listTokens } from "../../../dashboard/routes/list-tokens.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { grantText } from "../../output/grant-text.ts";
import { shortInstant } from "../../output/short-instant.ts";
import type { Column } from "../../output/table.ts";

const COLUMNS: readonly Column<TokenReply>[] = [
  { title: "ID", cell: token => token.id },
  { title: "NAME", cell: token => token.name },
  { title: "RIGHTS", cell: token => token.grants.map(grantText).join("; ") },
  { title: "EXPIRES", cell: token => shortInstant(token.expiresAt) },
  { title: "LAST USED", cell: token => shortInstant(token.lastUsedAt) },
  { title: "BY", cell: token => token.by, wide: true },
  { title: "CREATED", cell: token => shortInstant(token.createdAt), wide: true },
];

export const list = defineCommand({
  name: "list",
  summary: "List your API tokens; an admin sees everybody's.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    const tokens = await collect(allPages(api, listTokens), page => page.tokens);
    await context.show({ data: tokens, rows: tokens, columns: COLUMNS, name: token => token.id, empty: "There are no tokens." });
  },
});
