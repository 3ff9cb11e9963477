import { nextRuns } from "../../../dashboard/routes/next-runs.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { parsed, withDefault } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { shortInstant } from "../../output/short-instant.ts";

export const next = defineCommand({
  name: "next",
  summary: "List what a DAG's schedule is going to start.",
  args: { dag: required("the DAG's id", { complete: "dag" }) },
  options: { count: withDefault(parsed("-n, --count <number>", "how many", wholeNumber(1)), 10) },
  async run({ args: { dag: dagId }, options: { count } }, context) {
    const api = await context.api();
    const { paused, runs } = await api.call(nextRuns, { params: { dagId }, query: { n: count } });
    if (paused) context.io.say(`${dagId} is paused: none of them starts before windlass dags unpause ${dagId}`);
    await context.show({
      data: runs,
      rows: runs,
      columns: [
        { title: "STARTS", cell: run => shortInstant(run.startsAt) },
        { title: "LOGICAL DATE", cell: run => shortInstant(run.logicalAt) },
        { title: "RUN", cell: run => run.id },
        { title: "DATA FROM", cell: run => shortInstant(run.interval.startAt), wide: true },
        { title: "DATA UNTIL", cell: run => shortInstant(run.interval.endAt), wide: true },
      ],
      name: run => run.id,
      empty: `${dagId} has no schedule that starts runs by the clock.`,
    });
  },
});
