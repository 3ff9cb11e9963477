import { toInstant } from "#contract/instant.ts";
import type { RunHeader } from "#core/run.ts";

export const intervalReply = ({ startAt, endAt }: NonNullable<RunHeader["interval"]>) => ({
  startAt: toInstant(startAt),
  endAt: toInstant(endAt),
});
