import { ImportErrorListReply } from "#contract/import-error.ts";
import { PageQuery } from "#contract/list.ts";
import { readableErrors } from "../auth/readable-errors.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { importErrorReply } from "../replies/import-error-reply.ts";

export const listImportErrors = defineRoute({
  method: "get",
  path: "/api/v1/import-errors",
  role: "viewer",
  summary: "DAG files that could not be loaded, and why. Their last good versions stay active.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: ImportErrorListReply,
  async handle({ query, caller, pageAfter }, { dags }) {
    const [known, rows] = await Promise.all([dags.listImportErrors(), caller.mayRead() ? [] : dags.listDags()]);
    const errors = known.filter(readableErrors(caller, rows)).map((error, index) => ({ error, index }));
    const page = pageOf(errors, query, ({ error, index }) => `${error.file} ${sortableNumber(index)}`);
    return { body: { importErrors: page.items.map(({ error }) => importErrorReply(error)), links: pageAfter(page.next) } };
  },
});
