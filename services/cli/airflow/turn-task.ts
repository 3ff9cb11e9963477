import { findLiteralSecrets } from "#sdk/find-literal-secrets.ts";
import { type AirflowTask, type AirflowValue, dictOf } from "./airflow-shape.ts";
import { POD_ARGUMENTS } from "./pod-arguments.ts";
import { nothing, type Options, TASK_ARGUMENTS, turnArguments } from "./task-arguments.ts";
import { Code, type TsValue } from "./ts-text.ts";
import type { Turner } from "./turner.ts";

/** A task as it is written: `d.pod("extract", { … })`. */
export interface TurnedTask {
  id: string;
  /** The builder's method: "pod", "empty", "wait.run". */
  call: string;
  options: Options;
}

type TurnTask = (task: AirflowTask, turner: Turner) => Omit<TurnedTask, "id">;

/** Where a task of Airflow's ran code that is not in an image. */
const PYTHON_IMAGE = "python:3.11-slim";
const SHELL_IMAGE = "debian:12-slim";

const ownerOf = ({ id, line }: AirflowTask) => ({ owner: id, line });
const base = (task: AirflowTask, turner: Turner, own: Record<string, typeof nothing> = {}): Options =>
  turnArguments(task.args, [own, TASK_ARGUMENTS], turner, ownerOf(task));
const ignoring = (...names: string[]): Record<string, typeof nothing> => Object.fromEntries(names.map(name => [name, nothing]));

const pod: TurnTask = (task, turner) => {
  const options = turnArguments(task.args, [POD_ARGUMENTS, TASK_ARGUMENTS], turner, ownerOf(task));
  if (options.image === undefined && options.podTemplate === undefined) {
    turner.note(task.line, `${task.id}: it names no image`);
    options.image = "change-me";
  }
  return { call: "pod", options };
};

/** A pod that fails and says why: nothing that was not turned may look as if it had worked. */
const placeholder =
  (advice: string): TurnTask =>
  (task, turner) => {
    turner.note(task.line, `${task.id}: ${task.operator} has no counterpart: ${advice}`);
    const known = Object.fromEntries(Object.entries(task.args).filter(([name]) => name in TASK_ARGUMENTS));
    const message = `${task.id} was a ${task.operator}: ${advice}`;
    return {
      call: "pod",
      options: {
        image: PYTHON_IMAGE,
        command: ["python", "-c", `raise SystemExit(${JSON.stringify(message)})`],
        ...turnArguments(known, [TASK_ARGUMENTS], turner, ownerOf(task)),
      },
    };
  };

const PYTHON_ADVICE = "put the function into an image and call it, or write it in TypeScript with d.fn";

const OPERATORS: Readonly<Record<string, TurnTask>> = {
  KubernetesPodOperator: pod,
  KubernetesPodOperatorAsync: pod,
  GKEStartPodOperator: pod,
  GKEPodOperator: pod,
  EksPodOperator: pod,
  EmptyOperator: empty,
  DummyOperator: empty,
  LatestOnlyOperator: () => ({ call: "latestOnly", options: {} }),
  BashOperator(task, turner) {
    turner.note(
      task.line,
      `${task.id}: BashOperator ran beside Airflow's own files; choose an image that has what the command needs`,
    );
    const { bash_command: command, env, ...args } = task.args;
    const variables = dictOf(env);
    return {
      call: "pod",
      options: {
        image: SHELL_IMAGE,
        command: ["bash", "-c", turner.value(command, `${task.id}.bash_command`, task.line)],
        ...(variables && {
          env: Object.fromEntries(
            Object.entries(variables).map(([name, one]) => [name, turner.words(one, `${task.id}.env.${name}`, task.line)]),
          ),
        }),
        ...base(
          { ...task, args },
          turner,
          ignoring("append_env", "cwd", "output_encoding", "skip_exit_code", "skip_on_exit_code"),
        ),
      },
    };
  },
  TriggerDagRunOperator(task, turner) {
    const { trigger_dag_id: dag, conf, wait_for_completion: wait, ...args } = task.args;
    const given = conf === undefined ? undefined : turner.value(conf, `${task.id}.conf`, task.line);
    return {
      call: "trigger",
      options: {
        dag: turner.value(dag, `${task.id}.trigger_dag_id`, task.line),
        ...(given === undefined ? {} : { conf: given }),
        ...(wait === true ? { wait: true } : {}),
        ...base(
          { ...task, args },
          turner,
          ignoring(
            "poke_interval",
            "deferrable",
            "reset_dag_run",
            "allowed_states",
            "failed_states",
            "execution_date",
            "logical_date",
            "trigger_run_id",
          ),
        ),
      },
    };
  },
  ExternalTaskSensor(task, turner) {
    const { external_dag_id: dag, external_task_id: other, execution_delta: delta, ...args } = task.args;
    const offset = turner.duration(delta, `${task.id}.execution_delta`, task.line);
    if (args.execution_date_fn !== undefined)
      turner.note(task.line, `${task.id}.execution_date_fn: write the distance as offset: "1h"`);
    return {
      call: "wait.run",
      options: {
        dag: turner.value(dag, `${task.id}.external_dag_id`, task.line),
        ...(typeof other === "string" ? { task: other } : {}),
        ...(offset === undefined ? {} : { offset }),
        ...sensor(
          { ...task, args },
          turner,
          "execution_date_fn",
          "check_existence",
          "allowed_states",
          "failed_states",
          "skipped_states",
          "external_task_ids",
          "external_task_group_id",
        ),
      },
    };
  },
  TimeDeltaSensor(task, turner) {
    const { delta, ...args } = task.args;
    turner.note(
      task.line,
      `${task.id}: TimeDeltaSensor counts from the end of the data interval; here the time counts from the moment in which it is the task's turn`,
    );
    return {
      call: "wait.until",
      options: { after: turner.duration(delta, `${task.id}.delta`, task.line), ...sensor({ ...task, args }, turner) },
    };
  },
  DateTimeSensor(task, turner) {
    const { target_time: at, ...args } = task.args;
    return {
      call: "wait.until",
      options: { at: turner.value(at, `${task.id}.target_time`, task.line), ...sensor({ ...task, args }, turner) },
    };
  },
  PythonOperator: placeholder(PYTHON_ADVICE),
  PythonVirtualenvOperator: placeholder(PYTHON_ADVICE),
  ExternalPythonOperator: placeholder(PYTHON_ADVICE),
  "@task": placeholder(PYTHON_ADVICE),
  BranchPythonOperator: placeholder("let a task write what it found as its result, and choose with d.branch"),
  ShortCircuitOperator: placeholder("let a task write what it found as its result, and decide with d.shortCircuit"),
  HttpSensor: placeholder("wait with d.wait.http"),
  SimpleHttpOperator: placeholder("send it with d.http; credentials are named with account"),
  HttpOperator: placeholder("send it with d.http; credentials are named with account"),
  EmailOperator: placeholder("tell people with email: … or onSuccess: notify.email(…)"),
  SparkKubernetesOperator: placeholder("apply the manifest with d.resource: docs/how-to/custom-resources.md"),
};
function empty(task: AirflowTask, turner: Turner): Omit<TurnedTask, "id"> {
  const { triggerRule, dependsOnPast, outlets } = base(task, turner);
  return { call: "empty", options: { triggerRule, dependsOnPast, outlets } };
}

function sensor(task: AirflowTask, turner: Turner, ...more: string[]): Options {
  const { timeout, poke_interval: every, soft_fail: soft, ...args } = task.args;
  const [limit, pause] = [
    turner.duration(timeout, `${task.id}.timeout`, task.line),
    turner.duration(every, `${task.id}.poke_interval`, task.line),
  ];
  return {
    ...(limit === undefined ? {} : { timeout: limit }),
    ...(pause === undefined ? {} : { every: pause }),
    ...(soft === true ? { softFail: true } : {}),
    ...base({ ...task, args }, turner, ignoring("mode", "deferrable", "exponential_backoff", "max_wait", "silent_fail", ...more)),
  };
}

export function turnTask(task: AirflowTask, turner: Turner): TurnedTask {
  const turn = task.args.$expand === undefined ? (OPERATORS[task.operator] ?? UNKNOWN) : MAPPED;
  return { id: task.id, ...refuseSecrets(task, turn(withParams(task), turner), turner) };
}

const UNKNOWN = placeholder("every task is a pod here: run the same work in an image");
const MAPPED = placeholder("it is one task for each item of a list: write it with d.map");

/** Words that the loader would refuse: those that look like a secret. */
function refuseSecrets({ id, line }: AirflowTask, turned: Omit<TurnedTask, "id">, turner: Turner): Omit<TurnedTask, "id"> {
  const options: Options = { ...turned.options };
  for (const { path } of findLiteralSecrets({ args: options.args, command: options.command })) {
    const [field, index] = path as [string, number];
    const words = [...(options[field] as TsValue[])];
    const word = words[index] as string;
    turner.note(
      line,
      `${id}.${field}: a word looks like a secret: give it as env: { NAME: secret.env("name", "key") } and write $(NAME)`,
    );
    words[index] = word.includes("{{") ? new Code(`plain(${JSON.stringify(word)})`) : "change-me";
    options[field] = words;
  }
  return { ...turned, options };
}

/** A task's own params are known: they are put into its texts. */
function withParams(task: AirflowTask): AirflowTask {
  const params = dictOf(task.args.params);
  if (params === undefined) return task;
  const put = (value: AirflowValue): AirflowValue => {
    if (typeof value === "string")
      return value.replace(/\{\{\s*params\.(\w+)\s*\}\}/g, (whole, name: string) => {
        const known = params[name];
        return typeof known === "string" || typeof known === "number" ? String(known) : whole;
      });
    if (Array.isArray(value)) return value.map(put);
    const dict = dictOf(value);
    return dict === undefined ? value : Object.fromEntries(Object.entries(dict).map(([name, item]) => [name, put(item)]));
  };
  return { ...task, args: Object.fromEntries(Object.entries(task.args).map(([name, value]) => [name, put(value)])) };
}

/** Gives a task a result that others name. */
export function withResult({ id, call, options }: TurnedTask, turner: Turner, line: number): TurnedTask {
  if (call !== "pod" || options.result !== undefined) return { id, call, options };
  turner.note(line, `${id}: its XCom is read: the program has to write it as JSON to $WINDLASS_RESULT_PATH`);
  return { id, call, options: { ...options, result: new Code("z.unknown()") } };
}

export const isEmptyOptions = (options: Options): boolean =>
  Object.values(options).every((value: TsValue) => value === undefined);
