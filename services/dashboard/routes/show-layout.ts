import { LayoutParams, LayoutReply } from "#contract/layout.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { unknownVersion } from "./unknown.ts";

export const showLayout = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/versions/:version/layout",
  role: "viewer",
  summary: "Where the tasks, groups and edges of a version lie in a drawing of it. Laid out once, then kept.",
  params: LayoutParams,
  query: NOTHING,
  body: NO_BODY,
  reply: LayoutReply,
  async handle({ params: { dagId, version } }, { dags, layouts }) {
    const spec = await dags.getSpec(version);
    if (spec === undefined || spec.id !== dagId) throw unknownVersion(dagId, version);
    return { body: { version, ...(await layouts.of(version, spec)) } };
  },
});
