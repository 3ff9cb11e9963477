import type { CalendarReply } from "#contract/calendar.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { Ports } from "../ports.ts";

const PAGE = 500;
const MOST_RUNS = 20_000;
/** A run may be created long after the day it stands for: so much later, a year's runs are all there. */
const DAY_MS = 86_400_000;

type Day = CalendarReply["days"][number];

/** Counts a DAG's runs of a year by day. */
export async function readCalendar(
  { dagId, year, zone }: { dagId: string; year: number; zone: string },
  runs: Pick<Ports["runs"], "listRuns">,
): Promise<CalendarReply> {
  const dayOf = dayReader(zone);
  const days = new Map<string, Day>();
  const yearStartAt = Date.UTC(year, 0, 1);
  let looked = 0;
  let isLast = false;
  for (let before: string | undefined; looked < MOST_RUNS && !isLast; ) {
    const page = await runs.listRuns({ dagId, limit: PAGE, ...(before === undefined ? {} : { before }) });
    for (const run of page) count(days, dayOf(run.logicalAt ?? run.createdAt), run);
    looked += page.length;
    before = page.at(-1)?.id;
    // Runs lie in the order of their creation, and none is created before the instant it stands for.
    isLast = page.length < PAGE || (page.at(-1)?.createdAt ?? 0) < yearStartAt - DAY_MS;
  }
  const ofYear = [...days.values()].filter(({ day }) => day.startsWith(`${year}-`)).sort((a, b) => (a.day < b.day ? -1 : 1));
  return { zone, days: ofYear, isPartial: !isLast };
}

const COUNTED = { success: "success", failed: "failed", cancelled: "cancelled", queued: "live", running: "live" } as const;

function count(days: Map<string, Day>, day: string, { state }: RunSummary): void {
  const known = days.get(day) ?? { day, success: 0, failed: 0, cancelled: 0, live: 0 };
  known[COUNTED[state]]++;
  days.set(day, known);
}

/** "2026-01-31": the Swedish way to write a date is the one of ISO 8601. */
function dayReader(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return at => format.format(at);
}
