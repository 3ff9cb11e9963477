import { type AirflowValue, listOf, tagged } from "./airflow-shape.ts";
import { Code, type TsValue } from "./ts-text.ts";
import type { Turner } from "./turner.ts";

/** Options under Windlass' names. */
export type Options = Record<string, TsValue>;
/** Turns one argument of Airflow's. */
export type Turn = (value: AirflowValue, turner: Turner, at: { what: string; line: number }) => Options;

/** The same value under another name. */
export const same =
  (name: string): Turn =>
  (value, turner, { what, line }) => ({ [name]: turner.value(value, what, line) });
/** Seconds or a timedelta. */
export const duration =
  (name: string): Turn =>
  (value, turner, { what, line }) => ({ [name]: turner.duration(value, what, line) });
/** It has no meaning here, or is said elsewhere. */
export const nothing = (): Options => ({});
/** It is left out, and the reader is told what there is instead. */
export const noted =
  (text: string): Turn =>
  (value, turner, { what, line }) => {
    if (value !== null && value !== false) turner.note(line, `${what}: ${text}`);
    return {};
  };

const CALLBACK = noted(
  "callbacks are notices here: onSuccess, onFailure, onRetry: notify.webhook(…), notify.slack(…), notify.email(…)",
);

/** What every operator of Airflow takes; also as default_args. */
export const TASK_ARGUMENTS: Readonly<Record<string, Turn>> = {
  retries: same("retries"),
  retry_delay: duration("retryDelay"),
  retry_exponential_backoff: (value, turner, { what, line }) => {
    if (value === false || value === null) return {};
    if (value !== true) turner.note(line, `${what}: the factor is 2 here`);
    return { backoff: "exponential" };
  },
  max_retry_delay: (value, turner, { what, line }) => {
    const max = turner.duration(value, what, line);
    return max === undefined ? {} : { backoff: { type: "exponential", max } };
  },
  execution_timeout: duration("timeout"),
  trigger_rule: (value, turner, { what, line }) => {
    const rule = typeof value === "string" ? (RULES[value.toLowerCase()] ?? value.toLowerCase()) : undefined;
    if (rule === undefined) turner.value(value, what, line);
    return rule === "all_success" ? {} : { triggerRule: rule };
  },
  depends_on_past: value => (value === true ? { dependsOnPast: true } : {}),
  wait_for_downstream: value => (value === true ? { waitForDownstream: true } : {}),
  pool: (value, turner, at) => (value === "default_pool" ? {} : same("pool")(value, turner, at)),
  pool_slots: value => (value === 1 ? {} : { poolSlots: value as number }),
  priority_weight: same("priority"),
  queue: same("queue"),
  max_active_tis_per_dag: same("maxActive"),
  task_concurrency: same("maxActive"),
  email: same("email"),
  email_on_failure: value => (value === false ? { emailOnFailure: false } : {}),
  email_on_retry: value => (value === false ? { emailOnRetry: false } : {}),
  outlets: (value, turner, { what, line }) => ({ outlets: assetsOf(value, turner, what, line) }),
  inlets: nothing,
  on_failure_callback: CALLBACK,
  on_success_callback: CALLBACK,
  on_retry_callback: CALLBACK,
  on_skipped_callback: CALLBACK,
  on_execute_callback: CALLBACK,
  sla: noted('deadlines belong to the DAG here: deadlines: [{ from: "logical", after: "2h", notify: … }]'),
  sla_miss_callback: nothing,
  executor_config: noted("every task is a pod here: write the pod's fields as options"),
  pre_execute: noted("there is nothing like it"),
  post_execute: noted("there is nothing like it"),
  // Without meaning here, or said elsewhere.
  task_id: nothing,
  dag: nothing,
  owner: nothing,
  start_date: nothing,
  end_date: nothing,
  doc: nothing,
  doc_md: nothing,
  ui_color: nothing,
  provide_context: nothing,
  do_xcom_push: nothing,
  params: nothing,
  run_as_user: nothing,
  weight_rule: noted("the weight rule is the DAG's here"),
  ignore_first_depends_on_past: nothing,
  multiple_outputs: nothing,
  templates_dict: nothing,
  executor: nothing,
};

const RULES: Readonly<Record<string, string>> = { dummy: "always", none_failed_or_skipped: "none_failed_min_one_success" };

/** Dataset("s3://a"), Asset("a"), or a list of them. */
export function assetsOf(value: AirflowValue, turner: Turner, what: string, line: number): TsValue {
  const assets = listOf(value).flatMap(one => {
    const made = tagged(one, "made");
    const uri = made?.args[0] ?? made?.kwargs.uri ?? made?.kwargs.name;
    if (typeof uri === "string") return [new Code(`asset(${JSON.stringify(uri)})`)];
    turner.value(one, what, line);
    return [];
  });
  return assets.length === 0 ? undefined : assets;
}

/**
 * The options of a table's arguments. What no table knows gets a note.
 * @param tables the first that knows an argument turns it
 */
export function turnArguments(
  args: Readonly<Record<string, AirflowValue>>,
  tables: readonly Readonly<Record<string, Turn>>[],
  turner: Turner,
  { owner, line }: { owner: string; line: number },
): Options {
  const options: Options = {};
  for (const [name, value] of Object.entries(args)) {
    if (name.startsWith("$") || value === null) continue;
    const what = `${owner}.${name}`;
    const turn = tables.map(table => table[name]).find(found => found !== undefined);
    if (turn === undefined) turner.note(line, `${what}: there is no such option; left out`);
    else merge(options, turn(value, turner, { what, line }));
  }
  return options;
}

/** Lists of two arguments with one meaning are joined, objects merged. */
function merge(into: Options, more: Options): void {
  for (const [name, value] of Object.entries(more)) {
    const before = into[name];
    if (Array.isArray(before) && Array.isArray(value)) into[name] = [...before, ...value];
    else if (isPlain(before) && isPlain(value)) into[name] = { ...before, ...value };
    else if (value !== undefined) into[name] = value;
  }
}

const isPlain = (value: TsValue): value is { readonly [name: string]: TsValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Code);
