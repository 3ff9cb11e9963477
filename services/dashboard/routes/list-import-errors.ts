import { ImportErrorListReply } from "#contract/import-error.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { importErrorReply } from "../replies/import-error-reply.ts";

export const listImportErrors = defineRoute({
  method: "get",
  path: "/api/v1/import-errors",
  summary: "DAG files that could not be loaded, and why. Their last good versions stay active.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: ImportErrorListReply,
  async handle(_request, { dags }) {
    const errors = await dags.listImportErrors();
    return { body: { importErrors: errors.map(importErrorReply) } };
  },
});
