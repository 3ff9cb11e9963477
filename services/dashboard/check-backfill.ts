import type { z } from "zod";
import type { StartBackfillBody } from "#contract/backfill.ts";
import { dependsOnPast } from "#core/admission/admission.ts";
import { MAX_BACKFILL_TICKS } from "#core/backfill/backfill.ts";
import { ticksToFill } from "#core/backfill/plan-backfill.ts";
import { instantIn } from "#core/instant.ts";
import { readParams } from "#core/params.ts";
import type { Tick } from "#core/schedule/dag-clock.ts";
import type { ClockedDag } from "./clocked-dag.ts";
import { inputError } from "./http/check.ts";

export interface CheckedBackfill {
  fromAt: number;
  untilAt: number;
  conf: Readonly<Record<string, unknown>>;
  /** In the order in which they are carried out. */
  ticks: Tick[];
}

/** Reads dates and parameters as the DAG means them, and finds the ticks. Throws WL_INPUT, naming every mistake. */
export function checkBackfill(
  body: z.output<typeof StartBackfillBody>,
  { spec, clock }: ClockedDag,
  now: number,
): CheckedBackfill {
  const mistakes: { pointer: string; detail: string }[] = [];
  const read = (field: "from" | "until"): number => {
    const at = instantIn(body[field], spec.timezone);
    if (at === undefined)
      mistakes.push({ pointer: `#/${field}`, detail: 'is no date; write "2026-01-31" or "2026-01-31T06:30"' });
    return at ?? Number.NaN;
  };
  const [fromAt, untilAt] = [read("from"), read("until")];
  if (untilAt < fromAt) mistakes.push({ pointer: "#/until", detail: "lies before from" });
  const params = readParams(spec.params, body.conf);
  if ("mistakes" in params) {
    mistakes.push(...params.mistakes.map(({ path, message }) => ({ pointer: ["#/conf", ...path].join("/"), detail: message })));
  }
  if (body.order === "newest" && spec.tasks.some(dependsOnPast))
    mistakes.push({ pointer: "#/order", detail: "must be oldest: tasks of the DAG wait for the run before" });
  const ticks = mistakes.length === 0 ? ticksToFill(clock, { fromAt, untilAt, order: body.order }, now) : [];
  if (ticks.length > MAX_BACKFILL_TICKS)
    mistakes.push({ pointer: "#/until", detail: `more than ${MAX_BACKFILL_TICKS} ticks lie between; choose a shorter range` });
  else if (mistakes.length === 0 && ticks.length === 0)
    mistakes.push({ pointer: "#/from", detail: "the DAG's schedule has no tick between that is over" });
  if (mistakes.length > 0) throw inputError(mistakes.map(mistake => ({ in: "body", ...mistake })));
  return { fromAt, untilAt, conf: "conf" in params ? params.conf : body.conf, ticks };
}
