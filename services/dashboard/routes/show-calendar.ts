import { CalendarQuery, CalendarReply } from "#contract/calendar.ts";
import { DagParams } from "#contract/dag.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { readCalendar } from "../overview/read-calendar.ts";
import { unknownDag } from "./unknown.ts";

export const showCalendar = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/calendar",
  role: "viewer",
  summary: "A DAG's runs of a year, counted by day and state.",
  params: DagParams,
  query: CalendarQuery,
  body: NO_BODY,
  reply: CalendarReply,
  async handle({ params: { dagId }, query: { year, zone } }, { dags, runs }) {
    const row = (await dags.getDag(dagId)) ?? (await dags.getRemovedDag(dagId));
    if (row === undefined) throw unknownDag(dagId);
    if (zone !== undefined && !isZone(zone))
      throw inputError([{ in: "query", pointer: "#/zone", detail: "is no IANA time zone, such as Europe/Berlin" }]);
    return { body: await readCalendar({ dagId, year, zone: zone ?? row.timezone }, runs) };
  },
});

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
