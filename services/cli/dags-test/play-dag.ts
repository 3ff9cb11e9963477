import type { RunDetailReply } from "#contract/run.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { indexDag } from "#core/graph.ts";
import { contentHash } from "#core/hash.ts";
import { compactInstant, runId } from "#core/ids.ts";
import { paramsSentence, readParams } from "#core/params.ts";
import type { JsonValue } from "#core/result.ts";
import type { RunHeader } from "#core/run.ts";
import type { Family } from "#localcluster/node/images.ts";
import { createLogger } from "#runtime/logger.ts";
import { LocalRun } from "#testing/local-run.ts";
import { Aftercare } from "../../worker/aftercare.ts";
import { cancelPodTry } from "../../worker/pod-operator.ts";
import { renderTry } from "../../worker/render-try.ts";
import { variableFallback } from "../../worker/variable-fallback.ts";
import { JobRunner } from "./job-runner.ts";
import { openLocalStores } from "./local-stores.ts";
import { openTestCluster } from "./test-cluster.ts";
import { testOperators } from "./test-operators.ts";
import { failedTries, runDetail } from "./test-report.ts";

export interface PlayOptions {
  params: Readonly<Record<string, unknown>>;
  variables: Readonly<Record<string, JsonValue>>;
  /** What the run stands for; absent: the moment in which it begins. */
  logicalAt: number | undefined;
  /** Retries come at once. */
  fastRetries: boolean;
  /** At most so many pods at once. */
  parallel: number;
  mocks: ReadonlyMap<string, JsonValue | undefined>;
  answers: ReadonlyMap<string, string>;
  kubeContext: string | undefined;
  namespace: string;
  images: Readonly<Record<string, Family>>;
  verbose: boolean;
  /** Cancels the run. */
  signal: AbortSignal;
  /** Something has moved. */
  onChange(run: RunDetailReply): void;
  /** A task is not carried out as an installation would. */
  onStandIn(taskId: string, what: string): void;
  now(): number;
}

export interface PlayedDag {
  run: RunDetailReply;
  /** Of each failed task how its last try ended, and the end of its log. */
  failures: string[];
}

const AFTERCARE_MS = 20_000;

/**
 * One run of a DAG in this process, without Redis: the core decides, the workers' operators have pods in the embedded cluster, and a queue in
 * memory lies between them. Limits, pools and the run before are not looked at.
 * @throws WL_INPUT for parameters that the DAG refuses
 */
export async function playDag(spec: DagSpec, options: PlayOptions): Promise<PlayedDag> {
  const { signal, now, onChange, variables } = options;
  const header = headerOf(spec, options);
  const log = createLogger("dags-test", {
    level: options.verbose ? "debug" : "warn",
    pretty: true,
    write: line => process.stderr.write(line),
  });
  const { kubeContext, namespace, images } = options;
  const cluster = await openTestCluster({ kubeContext, namespace, images, patient: kubeContext !== undefined, log });
  try {
    const run: LocalRun = new LocalRun({
      graph: indexDag(spec),
      header,
      variables,
      onJob: job => runner.put(job),
      onStop: taskId => runner.stop(taskId),
    });
    const tell = () => onChange(runDetail(run, stores.notes));
    const stores = openLocalStores(run, tell);
    const aftercare = new Aftercare(log);
    const runner = new JobRunner({
      run,
      parallel: options.parallel,
      delay: ms => (options.fastRetries ? 0 : ms),
      claims: stores.claims,
      render: (request, of) => renderTry(request, of, { scopes: stores.scopes, fallback: variableFallback }),
      operators: testOperators({
        pods: cluster.pods,
        stores,
        mocks: options.mocks,
        answers: options.answers,
        say: options.onStandIn,
      }),
      cancelTry: cancelPodTry(cluster.pods),
      aftercare: (work, what) => aftercare.take(work, what),
      worker: "dags-test",
      infraDelayMs: undefined,
      now,
      log,
    });
    const cancel = () => {
      run.cancel(now());
      runner.settle();
    };
    signal.addEventListener("abort", cancel, { once: true });
    const { runTimeoutMs } = spec;
    const timeOut = () => {
      run.timeOut(now());
      runner.settle();
    };
    const late = runTimeoutMs === undefined ? undefined : setTimeout(timeOut, runTimeoutMs);
    try {
      run.admit(now());
      tell();
      if (signal.aborted) cancel();
      runner.settle();
      await runner.done;
      await aftercare.settled(AFTERCARE_MS);
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", cancel);
    }
    return { run: runDetail(run, stores.notes), failures: await failedTries(run, cluster.logs) };
  } finally {
    await cluster.close();
  }
}

function headerOf(spec: DagSpec, { params, logicalAt, now }: PlayOptions): RunHeader {
  const read = readParams(spec.params, params);
  if ("mistakes" in read) throw new WindlassError("WL_INPUT", paramsSentence(read.mistakes));
  const createdAt = now();
  return {
    id: runId(spec.id, `test-${compactInstant(createdAt)}`),
    dagId: spec.id,
    version: contentHash(spec),
    trigger: { kind: "manual", by: "dags test" },
    conf: read.conf,
    createdAt,
    ...(logicalAt === undefined ? {} : { logicalAt }),
  };
}
