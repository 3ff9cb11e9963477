import { DagDetailReply, DagParams } from "#contract/dag.ts";
import { instantField } from "#contract/instant.ts";
import { nextTick } from "#core/schedule.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { dagReply } from "../replies/dag-reply.ts";
import { unknownDag } from "./unknown.ts";

export const showDag = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId",
  summary: "One DAG with its spec and its next scheduled run.",
  params: DagParams,
  query: NOTHING,
  body: NO_BODY,
  reply: DagDetailReply,
  async handle({ params: { dagId } }, { dags, now }) {
    const row = await dags.getDag(dagId);
    const spec = row === undefined ? undefined : await dags.getSpec(row.version);
    if (row === undefined || spec === undefined) throw unknownDag(dagId);
    return { body: { ...dagReply(row), ...instantField("nextRunAt", row.paused ? undefined : nextTick(spec, now())), spec } };
  },
});
