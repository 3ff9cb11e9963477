import { Braces } from "lucide-react";
import type { RunDetailReply } from "#contract/run.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Instant } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Facts, Panel } from "../ui/panel.tsx";

/** What the run was started with. */
export function ParamsTab({ run }: { run: RunDetailReply }) {
  const { conf, interval, logicalAt, trigger, version } = run;
  const text = JSON.stringify(conf, undefined, 2);
  return (
    <div className="stack loose">
      <Panel title="Parameters" aside={<CopyButton text={text} what="the parameters" />}>
        {Object.keys(conf).length === 0 ? (
          <EmptyState icon={Braces} title="It was started without parameters">
            Parameters are given when a run is triggered; the DAG says with `params` which there are.
          </EmptyState>
        ) : (
          <pre>{text}</pre>
        )}
      </Panel>
      <Panel title="The run">
        <Facts
          facts={[
            ["Id", <code key="id">{run.id}</code>],
            ["Started by", trigger.by ?? trigger.kind],
            ["Logical date", logicalAt === undefined ? undefined : <Instant key="logical" at={logicalAt} style="full" />],
            [
              "Data interval",
              interval === undefined ? undefined : (
                <>
                  <Instant at={interval.startAt} style="full" /> – <Instant at={interval.endAt} style="full" />
                </>
              ),
            ],
            ["Created", <Instant key="created" at={run.createdAt} style="exact" />],
            ["Version", <code key="version">{version}</code>],
          ]}
        />
      </Panel>
    </div>
  );
}
