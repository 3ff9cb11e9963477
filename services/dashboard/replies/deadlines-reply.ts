import { instantField, toInstant } from "#contract/instant.ts";
import type { RunDetailReply } from "#contract/run.ts";
import { dueAtOf } from "#core/deadlines.ts";
import type { Deadline } from "#core/notice.ts";
import type { RunHeader } from "#core/run.ts";
import type { Ports } from "../ports.ts";

/** The run's deadlines and which of them it has missed; nothing where its DAG has none. */
export async function deadlinesOf(
  run: Pick<RunHeader, "id" | "createdAt" | "logicalAt">,
  deadlines: readonly Deadline[] | undefined,
  marks: Ports["marks"],
): Promise<Pick<RunDetailReply, "deadlines">> {
  if (deadlines === undefined) return {};
  const missed = await marks.marked(
    run.id,
    deadlines.map((_, index) => `deadline:${index}`),
  );
  return {
    deadlines: deadlines.flatMap((deadline, index) => {
      const dueAt = dueAtOf(deadline, run);
      return dueAt === undefined
        ? []
        : [{ dueAt: toInstant(dueAt), ...instantField("missedAt", missed.get(`deadline:${index}`)) }];
    }),
  };
}
