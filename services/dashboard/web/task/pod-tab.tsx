import "./task.css";
import { useQuery } from "@tanstack/react-query";
import { Box } from "lucide-react";
import type { TaskReply } from "#contract/run.ts";
import { useNow } from "../live/clock.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { Instant } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { lookOf } from "../ui/state-look.ts";
import { type Phase, phasesOf } from "./phases.ts";
import { PodEvents } from "./pod-events.tsx";
import { taskQueries } from "./task-queries.ts";
import type { TryView } from "./tries-of.ts";

interface PodTabProps {
  runId: string;
  task: TaskReply;
  of: TryView | undefined;
}

/** The pod of a try: how long each step of its life took, where it was, what the cluster said of it, what it was made from. */
export function PodTab({ runId, task, of }: PodTabProps) {
  if (task.operator !== "pod")
    return (
      <EmptyState
        icon={Box}
        title="This task has no pod"
      >{`A task of kind “${task.operator}” is done by ${task.try > 0 ? "a worker" : "the scheduler"} itself.`}</EmptyState>
    );
  return (
    <div className="stack loose">
      {of !== undefined && <Life task={task} of={of} />}
      {of?.pod !== undefined && <Place of={of} pod={of.pod} />}
      {of !== undefined && <PodEvents runId={runId} taskId={task.id} of={of} />}
      <Manifest runId={runId} taskId={task.id} />
    </div>
  );
}

function Life({ task, of }: { task: TaskReply; of: TryView }) {
  return of.endedAt === undefined ? (
    <Going task={task} of={of} />
  ) : (
    <PhaseBar phases={phasesOf(of, queuedOf(task, of), 0)} of={of} />
  );
}

const Going = ({ task, of }: { task: TaskReply; of: TryView }) => (
  <PhaseBar phases={phasesOf(of, queuedOf(task, of), useNow())} of={of} />
);

/** When the first try was queued is known; those after it come from a delay. */
const queuedOf = (task: TaskReply, of: TryView): string | undefined =>
  of.try === 1 && of.infra === 0 ? task.queuedAt : undefined;

function PhaseBar({ phases, of }: { phases: readonly Phase[]; of: TryView }) {
  const totalMs = phases.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const { tone, label } = lookOf(of.state);
  return (
    <Panel title={`Its life, ${formatDuration(totalMs)} in all`}>
      <div className={`phases tone-${tone}`} aria-hidden="true">
        {phases.map(({ label: phase, fromMs, toMs, isWork }) => (
          <span
            key={phase}
            className={`phase${isWork ? " work" : ""}`}
            style={{ flexGrow: Math.max(1, toMs - fromMs), flexBasis: 0 }}
            data-tip={`${phase}: ${formatDuration(toMs - fromMs)}`}
          >
            {(toMs - fromMs) / totalMs > 0.12 && (
              <span className="phase-label">{`${phase} ${formatDuration(toMs - fromMs)}`}</span>
            )}
          </span>
        ))}
      </div>
      <dl className={`phase-list tone-${tone}`}>
        {phases.map(({ label: phase, fromMs, toMs, isWork }) => (
          <div key={phase} style={{ display: "contents" }}>
            <dt>
              <span className={`phase-dot${isWork ? " work" : ""}`} />
              {phase}
            </dt>
            <dd className="number">{toMs === fromMs ? "< 1 s" : formatDuration(toMs - fromMs)}</dd>
            <dd className="quiet">
              from <Instant at={fromMs} style="exact" />
            </dd>
          </div>
        ))}
        {of.endedAt !== undefined && (
          <div style={{ display: "contents" }}>
            <dt>
              <span className="phase-dot work" />
              {label}
            </dt>
            <dd>{of.timeline?.reason ?? of.outcome?.code}</dd>
            <dd className="quiet">
              at <Instant at={of.endedAt} style="exact" />
            </dd>
          </div>
        )}
      </dl>
    </Panel>
  );
}

const KUBECTL = [
  "get pod NAME -o yaml",
  "describe pod NAME",
  "logs NAME -c main --timestamps",
  "get events --field-selector involvedObject.name=NAME",
];

function Place({ of, pod }: { of: TryView; pod: NonNullable<TaskReply["pod"]> }) {
  const lines = KUBECTL.map(line => `kubectl -n ${pod.namespace} ${line.replaceAll("NAME", pod.name)}`);
  return (
    <Panel title="Where it is">
      <Facts
        facts={[
          ["Pod", <CopiedCode key="pod" text={pod.name} what="the pod's name" />],
          ["Namespace", <code key="namespace">{pod.namespace}</code>],
          ["Node", pod.node === undefined ? undefined : <code key="node">{pod.node}</code>],
          ["Uid", <code key="uid">{pod.uid}</code>],
          ["Image that ran", of.timeline?.imageId === undefined ? undefined : <code key="image">{of.timeline.imageId}</code>],
          ["Worker", of.worker === undefined ? undefined : <code key="worker">{of.worker}</code>],
        ]}
      />
      <h3 style={{ margin: "16px 0 6px" }}>On the command line</h3>
      <ul className="kubectl">
        {lines.map(line => (
          <li key={line}>
            <code>{line}</code>
            <CopyButton text={line} what="the line" />
          </li>
        ))}
      </ul>
      {of.endedAt !== undefined && (
        <p className="quiet small">
          A pod that has ended is deleted once its log is kept, unless the task says otherwise with <code>onFinish</code>.
        </p>
      )}
    </Panel>
  );
}

const CopiedCode = ({ text, what }: { text: string; what: string }) => (
  <span className="row">
    <code>{text}</code>
    <CopyButton text={text} what={what} />
  </span>
);

function Manifest({ runId, taskId }: { runId: string; taskId: string }) {
  const query = useQuery(taskQueries.manifest(runId, taskId));
  return (
    <Panel
      title="What it is made from"
      aside={query.data !== undefined && <CopyButton text={query.data.yaml} what="the manifest" />}
    >
      <p className="quiet" style={{ marginBottom: 8 }}>
        The pod as DAG, task and run determine it; behind every value stands which of them. What the workers' installation adds is
        not in it.
      </p>
      <QueryView query={query} what="the manifest">
        {({ yaml }) => <Yaml text={yaml} />}
      </QueryView>
    </Panel>
  );
}

/** Values and, fainter, where they come from. */
function Yaml({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard, too
    <pre className="manifest" tabIndex={0}>
      {text.split("\n").map((line, i) => {
        const at = line.lastIndexOf(" # ");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
          <span key={i}>
            {at < 0 ? line : line.slice(0, at)}
            {at >= 0 && <span className="layer">{line.slice(at)}</span>}
            {"\n"}
          </span>
        );
      })}
    </pre>
  );
}
