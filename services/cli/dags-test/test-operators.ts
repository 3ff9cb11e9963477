import { failure } from "#core/failure.ts";
import { compactInstant, runId } from "#core/ids.ts";
import { specIdOf } from "#core/instance-id.ts";
import { succeeded } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
import { readResult } from "#core/result.ts";
import type { TaskSpec, WorkerOperator } from "#core/task-spec.ts";
import { openCustomObjects } from "#kube/custom-objects.ts";
import { readNamed } from "#runtime/config.ts";
import { httpOperator } from "../../worker/operators/http.ts";
import { resourceOperator } from "../../worker/operators/resource.ts";
import { waitOperator } from "../../worker/operators/wait.ts";
import { type PodOperatorDeps, podOperator } from "../../worker/pod-operator.ts";
import type { Operator, TryEnd, TryRun } from "../../worker/run-job.ts";
import type { LocalStores } from "./local-stores.ts";

export interface TestOperatorsDeps {
  pods: PodOperatorDeps;
  stores: LocalStores;
  /** Results of tasks that are not run, by task id. */
  mocks: ReadonlyMap<string, JsonValue | undefined>;
  /** Answers to approvals, by task id. */
  answers: ReadonlyMap<string, string>;
  /** Something is otherwise than in an installation. */
  say(taskId: string, what: string): void;
}

const RESOURCE_LOOK_MS = 500;

/**
 * What carries tasks out in a test: the workers' own operators; and in the place of what only an installation has, other runs and people, a
 * word that says so.
 */
export function testOperators({
  pods,
  stores,
  mocks,
  answers,
  say,
}: TestOperatorsDeps): Readonly<Record<WorkerOperator, Operator>> {
  const { now } = pods;
  const authorization = (account: string) => readNamed(`WINDLASS_HTTP_AUTH_${account}`);
  const realWait = waitOperator({
    runs: { getSummary: async () => undefined, getTask: async () => undefined, listRuns: async () => [] },
    assets: { lastUpdate: async () => undefined },
    httpEnabled: true,
    authorization,
    now,
  });
  const resource = resourceOperator({
    objects: openCustomObjects(pods.kube),
    ledger: stores.ledger,
    defaultNamespace: pods.settings.defaultNamespace,
    instance: pods.settings.instance,
    lookEveryMs: RESOURCE_LOOK_MS,
    limits: pods.limits,
    now,
  });
  const operators: Record<WorkerOperator, Operator> = {
    pod: podOperator(pods),
    noop: async () => ended(),
    http: httpOperator({ enabled: true, authorization, now }),
    resource,
    async wait(tryRun, signal) {
      const spec = (tryRun.task as Extract<TaskSpec, { operator: "wait" }>).for;
      if (spec.kind === "http") return realWait(tryRun, signal);
      say(tryRun.task.id, `a wait for ${WAITED_FOR[spec.kind]}: taken for over`);
      return ended();
    },
    async approval({ task }) {
      const answer = answers.get(specIdOf(task.id)) ?? "approve";
      say(task.id, `asks a person: answered ${answer}`);
      if (answer === "reject") return { type: "ended", outcome: failure("ApprovalRejected", { values: { by: "--answer" } }) };
      return ended(answer);
    },
    async trigger(tryRun) {
      const { dag } = tryRun.task as Extract<TaskSpec, { operator: "trigger" }>;
      say(tryRun.task.id, `starts a run of ${dag}: not started`);
      return ended({ runId: runId(dag, `test-${compactInstant(now())}`), state: "success" });
    },
  };
  const mocked =
    (operator: Operator): Operator =>
    async (tryRun, signal) =>
      mocks.has(specIdOf(tryRun.task.id)) ? mock(tryRun, mocks, say) : operator(tryRun, signal);
  return Object.fromEntries(Object.entries(operators).map(([name, operator]) => [name, mocked(operator)])) as typeof operators;
}

const WAITED_FOR = { time: "a time", run: "a run of another DAG", asset: "an asset" } as const;

function mock({ task }: TryRun, mocks: TestOperatorsDeps["mocks"], say: TestOperatorsDeps["say"]): TryEnd {
  say(task.id, "not run (--mock)");
  const output = mocks.get(specIdOf(task.id));
  const schema = task.operator === "pod" || task.operator === "http" ? task.result : undefined;
  if (schema === undefined) return ended(output);
  // What would not be taken from the pod is not taken from the command line.
  const text = output === undefined ? undefined : JSON.stringify(output);
  const reading = readResult(text, Number.POSITIVE_INFINITY, schema);
  return "failure" in reading ? { type: "ended", outcome: reading.failure } : ended(reading.output);
}

const ended = (output?: JsonValue): TryEnd => ({
  type: "ended",
  outcome: succeeded(),
  ...(output === undefined ? {} : { output }),
});
