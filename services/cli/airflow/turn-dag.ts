import { type AirflowDag, type AirflowValue, dictOf, listOf, type Note, tagged } from "./airflow-shape.ts";
import { POD_ARGUMENTS } from "./pod-arguments.ts";
import { assetsOf, noted, nothing, type Options, same, TASK_ARGUMENTS, type Turn, turnArguments } from "./task-arguments.ts";
import { Code, type TsValue, tsText } from "./ts-text.ts";
import { type TurnedTask, turnTask, withResult } from "./turn-task.ts";
import type { Turner } from "./turner.ts";

export interface TurnedDag {
  id: string;
  options: Options;
  tasks: TurnedTask[];
  edges: readonly (readonly [up: string, down: string])[];
}

/** Airflow's presets that are called so here, too. */
const PRESETS: ReadonlySet<string> = new Set(["@once", "@hourly", "@daily", "@weekly", "@monthly", "@quarterly", "@yearly"]);

const schedule: Turn = (value, turner, { what, line }) => {
  if (typeof value === "string") {
    if (value === "@annually") return { schedule: "@yearly", dataInterval: true };
    if (value.startsWith("@") && !PRESETS.has(value)) {
      turner.note(line, `${what}: '${value}' has no counterpart; left out`);
      return {};
    }
    return { schedule: value, ...(value === "@once" ? {} : { dataInterval: true }) };
  }
  const delta = tagged(value, "timedelta");
  if (delta !== undefined) return { schedule: { every: turner.duration(value, what, line) }, dataInterval: true };
  const assets =
    Array.isArray(value) || tagged(value, "made")?.name.match(/Dataset|Asset/) ? assetsOf(value, turner, what, line) : undefined;
  if (assets !== undefined) return { schedule: new Code(assetsText(assets as readonly Code[])) };
  turner.value(value, what, line);
  return {};
};

const assetsText = (assets: readonly Code[]): string =>
  assets.length === 1 ? assets[0]!.text : `asset.all(${assets.map(({ text }) => text).join(", ")})`;

const date =
  (name: string): Turn =>
  (value, turner, { what, line }) => {
    const found = tagged(value, "datetime");
    if (found !== undefined) {
      const text = found.iso.endsWith("T00:00:00") ? found.iso.slice(0, 10) : found.iso;
      return { [name]: text, ...(found.zone === null || found.zone === "UTC" ? {} : { timezone: found.zone }) };
    }
    if (typeof value === "string") return { [name]: value };
    const made = tagged(value, "made");
    const said = made?.name === "days_ago" ? "days_ago() moves with every day" : "it is known only when Python runs it";
    turner.note(line, `${what}: ${said}; write a date if the schedule needs one`);
    return {};
  };

const DAG_ARGUMENTS: Readonly<Record<string, Turn>> = {
  schedule,
  schedule_interval: schedule,
  timetable: schedule,
  start_date: date("startDate"),
  end_date: date("endDate"),
  catchup: value => (value === true ? { catchup: true } : {}),
  max_active_runs: same("maxActiveRuns"),
  max_active_tasks: same("maxActiveTasks"),
  concurrency: same("maxActiveTasks"),
  dagrun_timeout: (value, turner, { what, line }) => ({ runTimeout: turner.duration(value, what, line) }),
  description: same("description"),
  tags: same("tags"),
  params: (value, turner, { what, line }) => ({ params: paramsOf(value, turner, what, line) }),
  on_failure_callback: noted("callbacks are notices here: onFailure: notify.webhook(…), notify.slack(…), notify.email(…)"),
  on_success_callback: noted("callbacks are notices here: onSuccess: notify.webhook(…), notify.slack(…), notify.email(…)"),
  sla_miss_callback: noted('write deadlines: [{ from: "logical", after: "2h", notify: … }]'),
  user_defined_macros: noted("there are no macros of one's own"),
  user_defined_filters: noted("there are no filters of one's own; docs/reference/templates.md lists those that there are"),
  template_searchpath: noted("texts are written into the DAG file"),
  jinja_environment_kwargs: nothing,
  render_template_as_native_obj: nothing,
  default_args: nothing,
  dag_id: nothing,
  doc_md: nothing,
  is_paused_upon_creation: noted("a new DAG is not paused here"),
  access_control: noted("rights are given by tag or owner"),
  default_view: nothing,
  orientation: nothing,
  fail_stop: nothing,
  fail_fast: nothing,
  owner_links: nothing,
  dag_display_name: nothing,
  auto_register: nothing,
  max_consecutive_failed_dag_runs: noted("there is nothing like it"),
};

/** What the options of tasks have and those of all tasks have not. */
const NOT_FOR_ALL: ReadonlySet<string> = new Set(["image", "command", "args", "name", "result", "ports"]);

export function turnDag(dag: AirflowDag, turner: Turner): { dag: TurnedDag; notes: readonly Note[] } {
  const id = typeof dag.args.dag_id === "string" ? dag.args.dag_id : "change-me";
  if (id === "change-me") turner.note(dag.line, "dag_id: known only when Python runs it");
  // First: what their texts name has to be among the parameters and the results.
  const tasks = dag.tasks.map(task => turnTask(task, turner));
  const given = dictOf(dag.args.default_args) ?? {};
  if (dag.args.default_args !== undefined && dictOf(dag.args.default_args) === undefined)
    turner.value(dag.args.default_args, `${id}.default_args`, dag.line);
  const at = { owner: id, line: dag.line };
  const { start_date: startDate, end_date: endDate, owner } = given;
  const dates = {
    ...(startDate === undefined ? {} : { start_date: startDate }),
    ...(endDate === undefined ? {} : { end_date: endDate }),
  };
  const options = turnArguments({ ...dates, ...dag.args }, [DAG_ARGUMENTS], turner, at);
  if (options.schedule === undefined) delete options.dataInterval;
  if (options.dataInterval === true)
    turner.note(
      dag.line,
      "dataInterval: as in Airflow 2 a run comes at the end of its interval and is named by its start; leave it out for runs that are named by their tick, as in Airflow 3",
    );
  if (options.catchup === undefined && options.schedule !== undefined && dag.args.catchup === undefined)
    turner.note(dag.line, "catchup: it was on by default before Airflow 3; here it is off");
  const own = turnArguments(given, [POD_ARGUMENTS, TASK_ARGUMENTS], turner, { owner: "default_args", line: dag.line });
  const defaultArgs = Object.fromEntries(Object.entries(own).filter(([name]) => !NOT_FOR_ALL.has(name)));
  const lineOf = new Map(dag.tasks.map(task => [task.id, task.line]));
  const turned = {
    id,
    options: {
      ...options,
      ...(typeof owner === "string" && owner !== "airflow" ? { owner } : {}),
      ...(Object.keys(defaultArgs).length === 0 ? {} : { defaultArgs }),
    },
    tasks: tasks.map(task => (turner.results.has(task.id) ? withResult(task, turner, lineOf.get(task.id)!) : task)),
    edges: dag.edges,
  };
  return { dag: turned, notes: turner.notes };
}

const ZOD: Readonly<Record<string, string>> = { string: "z.string()", number: "z.number()", boolean: "z.boolean()" };

/** { "country": "DE", "n": Param(3, type="integer") } */
function paramsOf(value: AirflowValue, turner: Turner, what: string, line: number): TsValue {
  const dict = dictOf(value);
  if (dict === undefined) return turner.value(value, what, line);
  const fields = Object.entries(dict).map(
    ([name, one]) => [name, new Code(paramText(one, turner, `${what}.${name}`, line))] as const,
  );
  // Airflow takes everything as conf; here what is not a parameter is refused.
  const more = [...turner.params]
    .filter(name => dict[name] === undefined)
    .map(name => [name, new Code("z.unknown().optional()")] as const);
  const all = Object.fromEntries([...fields, ...more]);
  return Object.keys(all).length === 0 ? undefined : new Code(`z.object(${tsText(all, "  ", PARAMS_HEAD)})`);
}

const PARAMS_HEAD = "params: z.object(".length;

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: "z.string()",
  integer: "z.int()",
  number: "z.number()",
  boolean: "z.boolean()",
  array: "z.array(z.unknown())",
  object: "z.record(z.string(), z.unknown())",
};

function paramText(value: AirflowValue, turner: Turner, what: string, line: number): string {
  const made = tagged(value, "made");
  const isParam = made?.name === "Param";
  const given = made !== undefined && made.args.length > 0 ? made.args[0] : made?.kwargs.default;
  const fallback = isParam ? given : value;
  const { type, enum: choices } = isParam ? made.kwargs : {};
  const types = listOf(type).filter(one => one !== "null");
  const isNullable = listOf(type).includes("null");
  const known = Array.isArray(choices)
    ? `z.enum(${tsText(choices as TsValue)})`
    : typeof types[0] === "string"
      ? (JSON_TYPES[types[0]] ?? "z.unknown()")
      : Number.isInteger(fallback)
        ? "z.int()"
        : Array.isArray(fallback)
          ? "z.array(z.unknown())"
          : (ZOD[typeof fallback] ?? "z.unknown()");
  const schema = isNullable || fallback === null ? `${known}.nullable()` : known;
  if (fallback === undefined) return schema;
  const text = turner.value(fallback, what, line);
  return text === undefined ? schema : `${schema}.default(${tsText(text)})`;
}
