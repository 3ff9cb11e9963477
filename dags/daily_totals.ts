// A schedule that makes up what it missed: one run for each day between the two dates, the oldest first, each about a day of its own.
import { asset, dag, run } from "windlass";

export default dag(
  "daily_totals",
  {
    description: "Three days of January, made up one after the other",
    tags: ["example"],
    schedule: "@daily",
    timezone: "Europe/Berlin",
    startDate: "2026-01-01",
    endDate: "2026-01-03",
    catchup: true,
    maxActiveRuns: 1,
    runTimeout: "1h",
  },
  d => {
    d.pod("total", {
      image: "busybox:1.36",
      // A reference may stand inside of a text.
      command: ["echo", `totals of ${run.logicalDate.pipe("ds", "Europe/Berlin")}`],
      // A day waits for the day before: its total builds on it.
      dependsOnPast: true,
      // Other DAGs may be scheduled on it: { schedule: asset("file://totals") }.
      outlets: [asset("file://totals")],
    });
  },
);
