import { WindlassError } from "#core/errors.ts";
import type { JsonValue } from "#core/result.ts";
import { FAMILIES, type Family } from "#localcluster/node/images.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { EXIT } from "../../frame/exit-code.ts";
import { flag, list, parsed, text, withDefault } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { jsonOrText, readParams, splitPair } from "../../input/read-params.ts";

export const testDagCommand = defineCommand({
  name: "test",
  summary: "Run a DAG file once in this process: embedded cluster, no Redis, no server.",
  details:
    "Exits with 0 when the run succeeds, with 1 when it fails or the file has a mistake. Pods run as local processes, without isolation. Pools, limits and earlier runs are not looked at; waits for times, runs and assets are taken for over, approvals are answered, other DAGs are not started: each says so.",
  args: { file: required("the DAG file", { complete: "file" }) },
  options: {
    dag: text("--dag <id>", "which DAG, of a file with several"),
    dagsDir: text("--dags <folder>", "the folder that the file may read; by default the nearest one above it called dags"),
    param: list("-p, --param <k=v>", "a parameter of the run"),
    paramsFile: text("--params <file>", "parameters as a JSON object; - is standard input", { complete: "file" }),
    variable: list("--var <k=v>", "a value of variables.k"),
    logicalDate: text("--logical-date <time>", "what the run stands for: 2026-11-01, -1d, now"),
    fastRetries: flag("--fast-retries", "the next try comes at once, whatever its delay"),
    mock: list("--mock <task[=json]>", "do not run the task: it succeeds, with this result"),
    answer: list("--answer <task=choice>", "what a person answers to an approval; by default approve"),
    image: list("--image <name=family>", `more images for the embedded cluster, each like one of ${FAMILIES.join(", ")}`),
    parallel: withDefault(parsed("--parallel <n>", "so many pods at once", wholeNumber(1)), 8),
    kubeContext: text("--kube-context <name>", "have the pods in that context of your kubeconfig"),
    namespace: withDefault(text("-n, --namespace <name>", "where the pods live"), "default"),
    verbose: flag("-v, --verbose", "tell what goes on inside"),
  },
  examples: [
    "windlass dags test dags/etl.ts -p region=us --fast-retries",
    'windlass dags test dags/etl.ts --mock extract=\'[{"name":"orders","rows":3}]\'',
  ],
  async run({ args, options }, { io, signal, now, format, show }) {
    const [{ readDagFile }, { playDag }, { TestProgress }, { parseInstant }, { renderRunTree }] = await Promise.all([
      import("../../dags-test/read-dag-file.ts"),
      import("../../dags-test/play-dag.ts"),
      import("../../dags-test/test-progress.ts"),
      import("../../input/parse-instant.ts"),
      import("../../output/run-tree.ts"),
    ]);
    const spec = await readDagFile(args.file, { dagId: options.dag, root: options.dagsDir, signal });
    const known = new Set(spec.tasks.map(({ id }) => id));
    const progress = new TestProgress(line => io.say(line));
    const { run, failures } = await playDag(spec, {
      params: await readParams(options.param, options.paramsFile, io),
      variables: Object.fromEntries(
        options.variable.map(splitPair).map(([name, value]) => [name, jsonOrText(value) as JsonValue]),
      ),
      logicalAt: options.logicalDate === undefined ? undefined : parseInstant(options.logicalDate, now()),
      fastRetries: options.fastRetries,
      parallel: options.parallel,
      mocks: new Map(options.mock.map(word => mockOf(word, known))),
      answers: new Map(options.answer.map(splitPair)),
      kubeContext: options.kubeContext,
      namespace: options.namespace,
      images: Object.fromEntries(options.image.map(imageOf)),
      verbose: options.verbose,
      signal,
      onChange: run => progress.see(run),
      onStandIn: (taskId, what) => progress.standIn(taskId, what),
      now,
    });
    // A failure that the run has got over is in the tree.
    const shownFailures = run.state === "success" ? [] : failures;
    const lines = [...renderRunTree(run, { now: now(), colours: io.colours, maxRows: 200 }), ...shownFailures];
    await show({ data: run, rows: run.tasks, columns: [], name: ({ id, state }) => `${id} ${state}`, lines });
    if (format !== "table" && format !== "wide") for (const line of shownFailures) io.say(line);
    return run.state === "success" ? EXIT.ok : signal.aborted ? EXIT.interrupted : EXIT.failed;
  },
});

function mockOf(word: string, known: ReadonlySet<string>): [task: string, output: JsonValue | undefined] {
  const cut = word.indexOf("=");
  const task = cut === -1 ? word : word.slice(0, cut);
  if (!known.has(task))
    throw new WindlassError("WL_CLI_USAGE", `--mock: there is no task '${task}' but ${[...known].join(", ")}`);
  return [task, cut === -1 ? undefined : (jsonOrText(word.slice(cut + 1)) as JsonValue)];
}

function imageOf(word: string): [name: string, family: Family] {
  const [name, family] = splitPair(word);
  if (!(FAMILIES as readonly string[]).includes(family))
    throw new WindlassError("WL_CLI_USAGE", `--image: '${family}' is none of ${FAMILIES.join(", ")}`);
  return [name, family as Family];
}
