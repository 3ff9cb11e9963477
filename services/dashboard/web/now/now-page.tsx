import "./now.css";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries.ts";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Approvals } from "./approvals.tsx";
import { DayCounts } from "./day-counts.tsx";
import { Failing } from "./failing.tsx";
import { HealthStrip } from "./health-strip.tsx";
import { ImportErrors } from "./import-errors.tsx";
import { RunTimeline } from "./run-timeline.tsx";
import { UnderWay } from "./under-way.tsx";

/** What an operator asks first: does everything work, what is broken, what runs, what comes. */
export function NowPage() {
  const overview = useQuery(queries.overview());
  return (
    <Page title="Now" name="Now" acts={overview.data && <DayCounts counts={overview.data.counts} />}>
      <QueryView query={overview} what="the overview">
        {now => (
          <>
            <HealthStrip health={now.health} />
            <div className="now-columns">
              <div className="stack loose">
                <Failing groups={now.failing} />
                {now.importErrors > 0 && <ImportErrors />}
              </div>
              <div className="stack loose">
                {now.approvals.length > 0 && <Approvals approvals={now.approvals} />}
                <UnderWay runs={now.running} count={now.runningCount} />
              </div>
            </div>
            <RunTimeline timeline={now.timeline} at={Date.parse(now.at)} />
          </>
        )}
      </QueryView>
    </Page>
  );
}
