import { WindlassError } from "#core/errors.ts";
import { Notice } from "#core/notice.ts";
import type { JsonValue } from "#core/result.ts";
import { pathsOf } from "#core/template/paths.ts";
import { renderTree } from "#core/template/render.ts";
import { DeliveryError } from "#notify/delivery-error.ts";
import type { NoticeOrder } from "#queue/notice-order.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { RunStore } from "#state/run-store.ts";
import { type RenderDeps, readScope } from "../render-try.ts";

export interface RenderNoticeDeps extends RenderDeps {
  runs: Pick<RunStore, "getSummary">;
  dags: Pick<DagStore, "getSpec">;
}

/**
 * The notice with its `{{ … }}` filled in, for the run and task that it is about. A text that names what is not there gives way to the usual
 * one: a failure must be told even when its own words fail.
 * @throws DeliveryError where an address cannot be made
 */
export async function renderNotice(
  { runId, taskId = "", try: tryNumber = 0, notice }: NoticeOrder,
  deps: RenderNoticeDeps,
): Promise<Notice> {
  const paths = pathsOf(notice);
  if (paths.length === 0) return notice;
  const run = await deps.runs.getSummary(runId);
  const spec = run && (await deps.dags.getSpec(run.version));
  const dag = spec ?? { id: run?.dagId ?? "", tags: [] };
  const scope = await readScope({ runId, taskId, try: tryNumber }, paths, dag, deps);
  const rendered = (value: Notice): Notice => Notice.parse(renderTree(value as JsonValue, scope));
  try {
    return rendered(notice);
  } catch (error) {
    return orUsual(notice, rendered, error);
  }
}

function orUsual(notice: Notice, rendered: (value: Notice) => Notice, error: unknown): Notice {
  if (notice.kind === "webhook" || !(error instanceof WindlassError)) {
    throw new DeliveryError(`its address cannot be made: ${(error as Error).message}`, { permanent: true, cause: error });
  }
  if (notice.kind === "slack") {
    const { text: _, ...rest } = notice;
    return rendered(rest);
  }
  const { subject: _, text: __, ...rest } = notice;
  return rendered(rest);
}
