import { useQuery } from "@tanstack/react-query";
import { ArrowDownToLine, Check, Server } from "lucide-react";
import type { WorkerListReply } from "#contract/worker.ts";
import type { Act } from "../acts/act.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { opened } from "../acts/opened.ts";
import { ask, path } from "../api/ask.ts";
import { queries } from "../api/queries.ts";
import { Ago } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";

type Worker = WorkerListReply["workers"][number];

const DRAIN: Act<Worker> = {
  id: "drain",
  label: "Drain",
  icon: ArrowDownToLine,
  refusal: ({ state }) => (state === "draining" ? "it drains already" : undefined),
  about: "It takes no further tasks and hands its own over to other workers. Pods go on running.",
  carryOut: async ({ id }) => {
    await ask(path`/api/v1/workers/${id}/drain`, { method: "POST" });
    return "is being drained";
  },
};

/** Who launches and watches pods. */
export function WorkersPage() {
  const workers = useQuery(queries.workers());
  const overview = useQuery(queries.overview());
  const unserved = overview.data?.health.workers.unserved ?? [];
  return (
    <Page title="Workers" name="Workers" about="Each launches pods and watches them; more of them take more tasks at once">
      {unserved.map(queue => (
        <p key={queue} className="warning" role="alert">
          No worker takes from the queue <code>{queue}</code>: its tasks wait.
        </p>
      ))}
      <Panel flush>
        <QueryView query={workers} what="the workers">
          {({ workers: all }) =>
            all.length === 0 ? (
              <EmptyState icon={Server} title="No worker is alive">
                Tasks stay queued until one is. On Kubernetes: <code>kubectl get deploy,pods -l app=windlass-worker</code>; on
                this machine <code>npm run dev</code> starts one.
              </EmptyState>
            ) : (
              <Table label="workers" columns={COLUMNS} rows={all} keyOf={({ id }) => id} />
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
}

const COLUMNS: readonly Column<Worker>[] = [
  {
    id: "state",
    head: "State",
    width: "110px",
    cell: ({ state }) => (
      <span className={`state-badge tone-${state === "running" ? "good" : "warn"}`}>
        {state === "running" ? <Check size={12} aria-hidden="true" /> : <ArrowDownToLine size={12} aria-hidden="true" />}
        {state}
      </span>
    ),
  },
  { id: "id", head: "Worker", grows: true, cell: ({ id, host }) => <span data-tip={host}>{id}</span> },
  {
    id: "slots",
    head: "Slots",
    cell: ({ held, concurrency }) => (
      <span className="row">
        <progress className="bar" value={held} max={concurrency} aria-label={`${held} of ${concurrency} slots`} />
        <span className="number nowrap">
          {held} of {concurrency}
        </span>
      </span>
    ),
  },
  {
    id: "queues",
    head: "Queues",
    cell: ({ queues }) => (
      <span className="row">
        {queues.map(({ name, held, concurrency }) => (
          <span key={name} className="tag" data-tip={`${held} of ${concurrency} slots`}>
            {name}
          </span>
        ))}
      </span>
    ),
  },
  { id: "started", head: "Up since", cell: ({ startedAt }) => <Ago at={startedAt} /> },
  { id: "heartbeat", head: "Heartbeat", align: "right", cell: ({ heartbeatAt }) => <Ago at={heartbeatAt} /> },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    width: "40px",
    align: "right",
    cell: worker => (
      <ActMenu
        small
        acts={[DRAIN]}
        subjects={[worker]}
        onAct={act => opened.set({ kind: "act", act: act as Act<unknown>, subjects: [{ subject: worker, name: worker.id }] })}
      />
    ),
  },
];
