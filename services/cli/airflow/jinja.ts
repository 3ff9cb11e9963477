/** What an expression of Airflow's templates is called here, or why it is nothing here. */
export type TurnedText = { text: string; lost: readonly { expression: string; why: string }[] };

const DIRECTIVES: Readonly<Record<string, string>> = {
  "%Y": "yyyy",
  "%y": "yy",
  "%m": "MM",
  "%d": "dd",
  "%H": "HH",
  "%M": "mm",
  "%S": "ss",
  "%B": "MMMM",
  "%b": "MMM",
  "%A": "EEEE",
  "%a": "EEE",
  "%-d": "d",
  "%-m": "M",
  "%-H": "H",
};

/** Names that stand for one value. */
const NAMES: Readonly<Record<string, string>> = {
  ds: "run.ds",
  ds_nodash: "run.dsNodash",
  ts: "run.ts",
  ts_nodash: "run.logicalDate | tsNodash",
  ts_nodash_with_tz: "run.logicalDate | tsNodash",
  logical_date: "run.logicalDate",
  execution_date: "run.logicalDate",
  data_interval_start: "run.interval.start",
  data_interval_end: "run.interval.end",
  prev_ds: "run.logicalDate | addDays(-1) | ds",
  yesterday_ds: "run.logicalDate | addDays(-1) | ds",
  yesterday_ds_nodash: "run.logicalDate | addDays(-1) | dsNodash",
  next_ds: "run.interval.end | ds",
  tomorrow_ds: "run.logicalDate | addDays(1) | ds",
  tomorrow_ds_nodash: "run.logicalDate | addDays(1) | dsNodash",
  next_execution_date: "run.interval.end",
  run_id: "run.id",
  "dag_run.run_id": "run.id",
  "dag_run.logical_date": "run.logicalDate",
  "dag_run.execution_date": "run.logicalDate",
  "dag_run.conf": "run.conf",
  "dag.dag_id": "dag.id",
  "dag.owner": "dag.owner",
  "task.task_id": "task.id",
  "ti.task_id": "task.id",
  "task_instance.task_id": "task.id",
  "ti.try_number": "task.try",
  "task_instance.try_number": "task.try",
  "ti.map_index": "task.index",
  params: "params",
};

const FILTERS: Readonly<Record<string, string>> = {
  ds: "ds",
  ds_nodash: "dsNodash",
  ts: "ts",
  ts_nodash: "tsNodash",
  tojson: "json",
  default: "default",
  d: "default",
  upper: "upper",
  lower: "lower",
  trim: "trim",
  int: "int",
  float: "float",
  string: "string",
  replace: "replace",
  join: "join",
  first: "first",
  last: "last",
  length: "length",
  round: "round",
};

const WORD = "[A-Za-z_][A-Za-z0-9_]*";
const STEPS = `((?:\\.${WORD}|\\[(?:'[^']*'|"[^"]*"|\\d+)\\])*)`;
const QUOTED = `(?:'([^']*)'|"([^"]*)")`;
const PULL = new RegExp(
  `^(?:(?:ti|task_instance)\\.)?xcom_pull\\(\\s*(?:task_ids\\s*=\\s*)?\\[?\\s*${QUOTED}\\s*\\]?\\s*(?:,\\s*(?:key\\s*=\\s*)?${QUOTED}\\s*)?\\)${STEPS}$`,
);
const ADD_DAYS = /^macros\.ds_add\(\s*ds\s*,\s*(-?\d+)\s*\)$/;
const ADD_DELTA =
  /^\(?\s*(logical_date|execution_date|data_interval_start|data_interval_end)\s*([+-])\s*macros\.timedelta\(\s*(days|hours|minutes|weeks|seconds)\s*=\s*(\d+)\s*\)\s*\)?(.*)$/;
const DATE_CALL = new RegExp(`^\\.(strftime|format)\\(\\s*${QUOTED}\\s*\\)$`);
const CONF_GET = new RegExp(`^(?:dag_run\\.conf|params)\\.get\\(\\s*${QUOTED}\\s*(?:,\\s*(.+?)\\s*)?\\)$`);
const SCOPES = new RegExp(`^(params|dag_run\\.conf|var\\.value|var\\.json)${STEPS}$`);
const DATE_METHODS = /^(logical_date|execution_date|data_interval_start|data_interval_end|next_execution_date)(\..+)$/;

/** Turns the `{{ … }}` of a text. What has no counterpart stays in the text as it was written, so that it is seen and not evaluated. */
export function turnText(text: string): TurnedText {
  const lost: { expression: string; why: string }[] = [];
  const turned = text.replace(/\{\{(.*?)\}\}/gs, (_, inner: string) => {
    const expression = inner.trim();
    const made = turnExpression(expression);
    if (made !== undefined) return `{{ ${made} }}`;
    lost.push({ expression, why: whyLost(expression) });
    return `{{ "{{" }} ${expression} }}`;
  });
  const statements = [...text.matchAll(/\{%.*?%\}/gs)].map(([statement]) => ({
    expression: statement,
    why: "there are no statements",
  }));
  return { text: turned, lost: [...lost, ...statements] };
}

function whyLost(expression: string): string {
  if (expression.startsWith("conn")) return "connections are Kubernetes Secrets here: use secret.env(name, key)";
  return "nothing here is like it";
}

function turnExpression(expression: string): string | undefined {
  const [head = "", ...filters] = splitPipes(expression);
  const value = turnHead(head.trim());
  if (value === undefined) return undefined;
  const turned = filters.map(turnFilter);
  return turned.includes(undefined) ? undefined : [value, ...turned].join(" | ");
}

function turnHead(head: string): string | undefined {
  const known = NAMES[head];
  if (known !== undefined) return known;
  const literal = /^(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))$/.exec(head);
  if (literal !== null) return literal[3] ?? JSON.stringify(literal[1] ?? literal[2]);
  const [, single, double, keySingle, keyDouble, steps = ""] = PULL.exec(head) ?? [];
  const task = single ?? double;
  if (task !== undefined) {
    const key = keySingle ?? keyDouble ?? "return_value";
    return `${outputPath(task)}${key === "return_value" ? "" : stepText(key)}${stepsText(steps)}`;
  }
  const [, days] = ADD_DAYS.exec(head) ?? [];
  if (days !== undefined) return `run.logicalDate | addDays(${days}) | ds`;
  const [, base, sign, unit, amount, rest = ""] = ADD_DELTA.exec(head) ?? [];
  if (base !== undefined) {
    const moved = `${NAMES[base]} | add${unit![0]!.toUpperCase()}${unit!.slice(1)}(${sign === "-" ? "-" : ""}${amount})`;
    return rest.trim() === "" ? moved : append(moved, rest.trim());
  }
  const [, getSingle, getDouble, fallback] = CONF_GET.exec(head) ?? [];
  const name = getSingle ?? getDouble;
  if (name !== undefined) return `params${stepText(name)}${fallback === undefined ? "" : ` | default(${literalText(fallback)})`}`;
  const [, scope, path = ""] = SCOPES.exec(head) ?? [];
  if (scope !== undefined) return `${SCOPE_NAMES[scope]}${stepsText(path)}`;
  const [, date, method = ""] = DATE_METHODS.exec(head) ?? [];
  return date === undefined ? undefined : append(NAMES[date]!, method);
}

const SCOPE_NAMES: Readonly<Record<string, string>> = {
  params: "params",
  "dag_run.conf": "run.conf",
  "var.value": "variables",
  "var.json": "variables",
};

/** `.strftime('%Y/%m')`, `.isoformat()` and the like behind a date. */
function append(date: string, method: string): string | undefined {
  if (method === ".isoformat()") return `${date} | ts`;
  if (method === ".date()" || method === ".to_date_string()") return `${date} | ds`;
  const [, kind, single, double] = DATE_CALL.exec(method) ?? [];
  const pattern = single ?? double;
  if (pattern === undefined) return undefined;
  return kind === "format" ? undefined : formatOf(pattern, date);
}

function formatOf(pattern: string, date: string): string | undefined {
  const parts = pattern.match(/%-?[A-Za-z]|[A-Za-z]+|[^%A-Za-z]+|%/g) ?? [];
  const turned = parts.map(part => (part.startsWith("%") ? DIRECTIVES[part] : /[A-Za-z]/.test(part) ? `'${part}'` : part));
  return turned.includes(undefined) ? undefined : `${date} | format(${JSON.stringify(turned.join(""))})`;
}

function turnFilter(filter: string): string | undefined {
  const [, name = "", args] = /^\s*([a-z_]+)\s*(?:\((.*)\))?\s*$/s.exec(filter) ?? [];
  const known = FILTERS[name];
  if (known === undefined || args === undefined || args.trim() === "") return known;
  const literals = args.split(/\s*,\s*/).filter(arg => !/^(true|True|boolean)/.test(arg));
  return `${known}(${literals.map(literalText).join(", ")})`;
}

const PYTHON: Readonly<Record<string, string>> = { None: "null", True: "true", False: "false" };

const literalText = (text: string): string => {
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(text.trim());
  return quoted === null ? (PYTHON[text.trim()] ?? text.trim()) : JSON.stringify(quoted[1] ?? quoted[2]);
};

/** The expression of a task's result. */
export const outputPath = (taskId: string, path: readonly (string | number)[] = []): string =>
  `tasks${stepText(taskId)}.output${path.map(step => (typeof step === "number" ? `[${step}]` : stepText(step))).join("")}`;

const stepText = (name: string): string => (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

const stepsText = (steps: string): string =>
  steps.replace(/\['([^']*)'\]|\["([^"]*)"\]/g, (_, single?: string, double?: string) => stepText(single ?? double ?? ""));

/** Splits at the `|` outside of quotes and brackets. */
function splitPipes(text: string): string[] {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const letter of text) {
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === "(" || letter === "[") depth++;
    else if (letter === ")" || letter === "]") depth--;
    if (letter === "|" && depth === 0 && quote === "") parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
