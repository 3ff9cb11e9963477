import "./calendar.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { queries } from "../api/queries.ts";
import { useZone } from "../live/zone.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type CalendarDay, calendarYear, dayLook } from "./calendar-year.ts";

const route = getRouteApi("/dags/$dagId");
const WEEKDAYS = ["Mon", "", "Wed", "", "Fri", "", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A year of the DAG, a field for each day. */
export function CalendarTab({ dagId }: { dagId: string }) {
  const { year = new Date().getFullYear() } = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const calendar = useQuery(queries.calendar(dagId, year, zone));
  const go = (to: number): void => {
    void navigate({ search: old => ({ ...old, year: to === new Date().getFullYear() ? undefined : to }), replace: true });
  };
  return (
    <Panel
      title={
        <span className="row">
          <Button kind="quiet" small icon={ChevronLeft} tip={String(year - 1)} onClick={() => go(year - 1)} />
          <span className="number">{year}</span>
          <Button kind="quiet" small icon={ChevronRight} tip={String(year + 1)} onClick={() => go(year + 1)} />
        </span>
      }
      aside={<Legend zone={zone} />}
    >
      <QueryView query={calendar} what="the year">
        {({ days, isPartial }) => (
          <>
            <Year days={calendarYear(year, days)} />
            <p className="small quiet calendar-sum">
              {summary(days)}
              {isPartial && " Only the youngest 20,000 runs were counted."}
            </p>
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function Year({ days }: { days: readonly CalendarDay[] }) {
  return (
    <div className="calendar-box">
      <div className="calendar" role="img" aria-label="Runs by day; the list of runs has them one by one">
        {WEEKDAYS.map((name, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: every second weekday has no name here
          <span key={i} className="calendar-name" style={{ gridRow: i + 2, gridColumn: 1 }}>
            {name}
          </span>
        ))}
        {days
          .filter(({ day }) => day.endsWith("-01"))
          .map(({ day, week }) => (
            <span key={day} className="calendar-name" style={{ gridRow: 1, gridColumn: `${week + 2} / span 4` }}>
              {MONTHS[Number(day.slice(5, 7)) - 1]}
            </span>
          ))}
        {days.map(day => (
          <Day key={day.day} day={day} />
        ))}
      </div>
    </div>
  );
}

function Day({ day }: { day: CalendarDay }) {
  const { kind, failedShare } = dayLook(day);
  const style = { gridRow: day.weekday + 2, gridColumn: day.week + 2, "--share": `${Math.max(0.25, failedShare) * 100}%` };
  return <span className={`day day-${kind}`} style={style} data-tip={tipOf(day)} />;
}

function tipOf({ day, counts }: CalendarDay): string {
  if (counts === undefined) return `${day}\nno run`;
  const { success, failed, cancelled, live } = counts;
  const parts = [
    [success, "success"],
    [failed, "failed"],
    [cancelled, "cancelled"],
    [live, "under way"],
  ].filter(([count]) => count !== 0);
  return `${day}\n${parts.map(([count, word]) => `${count} ${word}`).join(", ")}`;
}

function summary(days: readonly NonNullable<CalendarDay["counts"]>[]): string {
  const sum = (field: "success" | "failed"): number => days.reduce((total, day) => total + day[field], 0);
  return `${sum("success")} successful and ${sum("failed")} failed runs on ${days.length} days.`;
}

const Legend = ({ zone }: { zone: string }) => (
  <span className="row small quiet">
    <span className="row">
      <span className="day day-good" /> success
    </span>
    <span className="row">
      <span className="day day-mixed" style={{ "--share": "40%" }} /> some failed
    </span>
    <span className="row">
      <span className="day day-bad" /> all failed
    </span>
    <span>Days in {zone}</span>
  </span>
);
