import type { VerdictReply } from "#contract/verdict.ts";
import { mapIndexOf, specIdOf } from "#core/instance-id.ts";
import { isFinal, type Run, type TaskRun, type TaskState, taskOf } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";

type RunTask = readonly [id: string, task: TaskRun];

/** A run's tasks as far as its verdict looks at them. */
interface Known {
  run: Run;
  specs: ReadonlyMap<string, TaskSpec>;
  /** The DAG's own, without instances. */
  tasks: readonly RunTask[];
  /** Those that failed themselves, the first in front: instances in the place of their mapped task. */
  failed: readonly RunTask[];
}

/** The run in one sentence: what failed first, why, and what came of it; or how far it is. */
export function runVerdict(run: Run, specs: readonly TaskSpec[]): VerdictReply {
  const tasks = specs.map(({ id }): RunTask => [id, taskOf(run, id)]);
  const known: Known = { run, specs: new Map(specs.map(spec => [spec.id, spec])), tasks, failed: failedTasks(run) };
  const [first] = known.failed;
  return {
    sentence: SENTENCES[run.state](known),
    ...(first === undefined ? {} : { firstFailed: first[0] }),
    ...(first?.[1].outcome === undefined ? {} : { code: first[1].outcome.code }),
  };
}

const SENTENCES: Readonly<Record<Run["state"], (known: Known) => string>> = {
  queued: () => "Waits to be started",
  running: known => (known.failed.length === 0 ? progress(known) : `${failure(known)}; ${progress(known, "so far ")}`),
  failed: known => (known.failed.length === 0 ? endedByHand(known) : failure(known)),
  cancelled: known => (known.failed.length === 0 ? `Cancelled: ${progress(known)}` : `Cancelled: ${failure(known)}`),
  success: success,
};

function failedTasks(run: Run): RunTask[] {
  const failed = [...run.tasks].filter(([, { state }]) => state === "failed");
  const mapped = new Set(failed.flatMap(([id]) => (mapIndexOf(id) === undefined ? [] : [specIdOf(id)])));
  return failed
    .filter(([id]) => !mapped.has(id))
    .sort(([a, one], [b, other]) => (one.endedAt ?? 0) - (other.endedAt ?? 0) || (a < b ? -1 : 1));
}

/** "load failed: … (ExitCode, exit 1), try 2 of 2; as did 1 other; 3 tasks did not run because of it" */
function failure({ run, specs, tasks, failed }: Known): string {
  const [id, task] = failed[0]!;
  const others = failed.length - 1;
  const blocked = count(tasks, "upstream_failed");
  const instances = taskOf(run, specIdOf(id)).count ?? 0;
  const also =
    mapIndexOf(id) === undefined || failed.some(([other]) => specIdOf(other) !== specIdOf(id))
      ? `${others} other${others === 1 ? "" : "s"} failed, too`
      : `${failed.length} of ${instances} instances failed`;
  return [
    `${id} failed${reasonOf(task)}${triesOf(task, specs.get(specIdOf(id)))}`,
    ...(others === 0 ? [] : [also]),
    ...(blocked === 0 ? [] : [`${tasksOf(blocked)} did not run because of it`]),
  ].join("; ");
}

function reasonOf({ outcome, reason }: TaskRun): string {
  if (reason?.code === "marked") return `: marked failed by ${reason.by ?? "hand"}`;
  if (outcome === undefined) return reason === undefined ? "" : `: ${reason.detail ?? reason.code}`;
  const { message, evidence, code, exitCode } = outcome;
  const what = [message, saidBy(evidence)].filter(part => part !== "").join(" — ");
  const isSaid = exitCode === undefined || message.includes(`with ${exitCode}`);
  return `${what === "" ? "" : `: ${what}`} (${code}${isSaid ? "" : `, exit ${exitCode}`})`;
}

const MAX_EVIDENCE = 160;
/** What the sentence has said already, or says to nobody. */
const FIELDS = /^(?:exitCode|reason|startedAt|finishedAt): [^,]*(?:, |$)/;

/** What a container runtime puts around the one thing that it has to say. */
const WRAPPERS =
  /^(?:failed to (?:create|start) (?:containerd task|shim task|container)|OCI runtime create failed|runc create failed|unable to start container process|error during container init): /;

/** Kubernetes' words without its fields: "exitCode: 128, reason: StartError, message: exec: …, finishedAt: …" is "exec: …". */
function saidBy(evidence: string | undefined): string {
  let [text = ""] = (evidence ?? "").split("\n", 1);
  while (FIELDS.test(text)) text = text.replace(FIELDS, "");
  text = text.replace(/^message: /, "").replace(/(?:, (?:startedAt|finishedAt|containerID): [^,]*)+$/, "");
  while (WRAPPERS.test(text)) text = text.replace(WRAPPERS, "");
  text = text.replace(/: unknown$/, "");
  return text.length > MAX_EVIDENCE ? `${text.slice(0, MAX_EVIDENCE - 1)}…` : text;
}

/** Tries before the last time the task was cleared do not count. */
function triesOf({ try: last, floor = 0 }: TaskRun, spec: TaskSpec | undefined): string {
  const total = (spec?.retry.retries ?? 0) + 1;
  return last === 0 || (total === 1 && last === 1) ? "" : `, try ${last - floor} of ${total}`;
}

function progress({ tasks }: Known, head = ""): string {
  const done = tasks.filter(([, { state }]) => isFinal(state)).length;
  const parts = UNDER_WAY.flatMap(([state, word]) => {
    const n = count(tasks, state);
    return n === 0 ? [] : [`${n} ${word}`];
  });
  return [`${head}${done} of ${tasksOf(tasks.length)} done`, ...parts].join(", ");
}

const UNDER_WAY: readonly (readonly [TaskState, string])[] = [
  ["running", "running"],
  ["mapped", "with instances running"],
  ["queued", "queued"],
  ["scheduled", "waiting for a slot"],
  ["up_for_retry", "waiting for a retry"],
  ["restarting", "starting again"],
  ["deferred", "waiting for something outside"],
];

function success({ tasks, failed }: Known): string {
  const succeeded = count(tasks, "success");
  const retried = tasks
    .filter(([, { state, try: last, floor = 0 }]) => state === "success" && last - floor > 1)
    .map(([id]) => id);
  const skipped = count(tasks, "skipped");
  return [
    succeeded === tasks.length
      ? succeeded === 1
        ? "Its task succeeded"
        : `All ${tasksOf(succeeded)} succeeded`
      : `${succeeded} of ${tasksOf(tasks.length)} succeeded`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(failed.length === 0
      ? []
      : [`${failed[0]![0]}${failed.length > 1 ? ` and ${failed.length - 1} more` : ""} failed, which the run allows`]),
    ...(retried.length === 0 ? [] : [`${names(retried)} needed more than one try`]),
  ].join("; ");
}

const endedByHand = (known: Known): string =>
  known.run.endsAs === "failed" ? `Stopped and ended as failed: ${progress(known)}` : `Failed: ${progress(known)}`;

const count = (tasks: readonly RunTask[], state: TaskState): number => tasks.filter(([, task]) => task.state === state).length;
const tasksOf = (n: number): string => (n === 1 ? "1 task" : `${n} tasks`);
const names = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join(", ") : `${ids.slice(0, 2).join(", ")} and ${ids.length - 2} more`;
