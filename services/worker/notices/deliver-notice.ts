import type { Notice } from "#core/notice.ts";
import { compose } from "#notify/compose.ts";
import { DeliveryError } from "#notify/delivery-error.ts";
import type { Notifier } from "#notify/notifier.ts";
import type { NoticeOrder } from "#queue/notice-order.ts";
import { type NoticeWorkerOptions, PermanentFailure } from "#queue/notice-queue.ts";
import type { Logger } from "#runtime/logger.ts";
import type { MarkStore } from "#state/mark-store.ts";
import { type FactSources, gatherFacts } from "./gather-facts.ts";

export interface DeliverDeps extends FactSources {
  notifier: Pick<Notifier, "deliver">;
  marks: MarkStore;
  /** The notice with its `{{ … }}` filled in, for the run and task that it is about. */
  rendered(order: NoticeOrder): Promise<Notice>;
  now(): number;
  log: Logger;
}

/**
 * Sends one notice. What went out is noted in the run's record, so that an order that comes again is not sent again; between the
 * receiver's yes and the note a worker may die, and then the repetition carries the same id.
 */
export function deliverNotice(deps: DeliverDeps): NoticeWorkerOptions["deliver"] {
  return async (order, signal, isLast) => {
    const { marks, notifier, now, log } = deps;
    const { id, runId } = order;
    const sent = `notice:${id}`;
    if ((await marks.marked(runId, [sent])).size > 0) return;
    const facts = await gatherFacts(order, deps);
    if (facts === undefined) {
      // Its retention has passed: there is nothing left that a link could lead to.
      log.warn({ event: "notice.dropped", id });
      return;
    }
    try {
      await notifier.deliver(await deps.rendered(order), compose(facts), signal);
    } catch (error) {
      const permanent = error instanceof DeliveryError && error.permanent;
      if (!permanent && !isLast) throw error;
      await marks.mark({
        runId,
        name: `notice-failed:${id}`,
        entry: entryOf(order, "notice.failed", now(), (error as Error).message),
      });
      throw new PermanentFailure((error as Error).message);
    }
    await marks.mark({ runId, name: sent, entry: entryOf(order, "notice.sent", now()) });
  };
}

const entryOf = ({ taskId, try: tryNumber, moment, notice }: NoticeOrder, type: string, at: number, message?: string) => ({
  at,
  type,
  ...(taskId === undefined ? {} : { taskId }),
  ...(tryNumber === undefined ? {} : { try: tryNumber }),
  moment,
  kind: notice.kind,
  ...(message === undefined ? {} : { message }),
});
