import { formatDuration } from "#core/duration.ts";
import { type AirflowValue, dictOf, type Note, tagged } from "./airflow-shape.ts";
import { outputPath, turnText } from "./jinja.ts";
import type { TsValue } from "./ts-text.ts";

/** Names that a Kubernetes model has in Python otherwise than in lower camel case. */
const PYTHON_FIELDS: Readonly<Record<string, string>> = {
  _from: "from",
  host_ip: "hostIP",
  host_ips: "hostIPs",
  pod_ip: "podIP",
  cluster_ip: "clusterIP",
  external_i_ps: "externalIPs",
  fs_type: "fsType",
  _continue: "continue",
  _exec: "exec",
};

/** service_account_name → serviceAccountName */
const camelCase = (name: string): string =>
  PYTHON_FIELDS[name] ?? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Turns values of one DAG file, and remembers what could not be turned, and whose results are read. */
export class Turner {
  readonly notes: Note[] = [];
  /** Tasks whose results others name: they have to have one. */
  readonly results = new Set<string>();
  /** Parameters that texts name. */
  readonly params = new Set<string>();

  note(line: number, text: string): void {
    if (!this.notes.some(note => note.line === line && note.text === text)) this.notes.push({ line, text });
  }

  /** Any value; what only Python knows is left out with a note. `what`: whose value it is. */
  value(value: AirflowValue | undefined, what: string, line: number): TsValue {
    if (typeof value === "string") return this.text(value, what, line);
    if (value === undefined || value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(item => this.value(item, what, line)).filter(item => item !== undefined);
    const code = tagged(value, "code");
    if (code !== undefined) return this.#lost(code.text, what, code.line || line);
    const made = tagged(value, "made");
    if (made !== undefined) return this.#object(made, what, line);
    const output = tagged(value, "output");
    if (output !== undefined) return this.#output(output.task, output.path);
    const delta = tagged(value, "timedelta");
    if (delta !== undefined) return formatDuration(delta.ms);
    const date = tagged(value, "datetime");
    if (date !== undefined) return date.iso;
    const fields = Object.entries(dictOf(value) ?? {});
    return Object.fromEntries(fields.map(([name, item]) => [name, this.value(item, `${what}.${name}`, line)]));
  }

  /** A text with its `{{ … }}`. */
  text(text: string, what: string, line: number): string {
    const turned = turnText(text);
    for (const { expression, why } of turned.lost) this.note(line, `${what}: ${expression} stays a text: ${why}`);
    for (const [, dotted, quoted] of text.matchAll(/xcom_pull\(\s*(?:task_ids\s*=\s*)?\[?\s*(?:'([^']*)'|"([^"]*)")/g))
      this.results.add((dotted ?? quoted)!);
    for (const [, name] of turned.text.matchAll(/\{\{ (?:params|run\.conf)\.([A-Za-z_]\w*)/g)) this.params.add(name!);
    return turned.text;
  }

  /** A text that every value becomes that has one. */
  words(value: AirflowValue | undefined, what: string, line: number): TsValue {
    const turned = this.value(value, what, line);
    if (typeof turned === "number" || typeof turned === "boolean") return pythonText(turned);
    if (Array.isArray(turned))
      return (turned as TsValue[]).map(item => (typeof item === "number" || typeof item === "boolean" ? pythonText(item) : item));
    return turned;
  }

  /** Milliseconds or a timedelta as a duration. Numbers count seconds, as Airflow takes them. */
  duration(value: AirflowValue | undefined, what: string, line: number): string | undefined {
    if (typeof value === "number") return formatDuration(Math.round(value * 1_000));
    const delta = tagged(value, "timedelta");
    if (delta !== undefined) return formatDuration(delta.ms);
    if (value !== undefined && value !== null) this.#lost(tagged(value, "code")?.text ?? JSON.stringify(value), what, line);
    return undefined;
  }

  #output(task: string, path: readonly (string | number)[]): string {
    this.results.add(task);
    return `{{ ${outputPath(task, path)} }}`;
  }

  /** A model of the Kubernetes client, as Kubernetes has it. */
  #object(
    { name, args, kwargs, line: at }: { name: string; args: AirflowValue[]; kwargs: Record<string, AirflowValue>; line: number },
    what: string,
    line: number,
  ): TsValue {
    const isModel = /^V1[A-Z]/.test(name);
    if (!isModel) return this.#lost(`${name}(…)`, what, at || line);
    const names = POSITIONAL[name] ?? [];
    if (args.length > names.length) this.note(at, `${what}: ${name} was given values without names: they are left out`);
    const placed = Object.fromEntries(names.slice(0, args.length).map((field, index) => [field, args[index]!]));
    const fields = Object.entries({ ...placed, ...kwargs }).filter(([, value]) => value !== null);
    return Object.fromEntries(
      fields.map(([field, value]) => {
        // Names of labels, requests and the like are data.
        const isMap = MAPS.has(field);
        const turned = this.value(value, `${what}.${camelCase(field)}`, at);
        return [camelCase(field), isMap ? textMap(turned) : turned];
      }),
    );
  }

  #lost(text: string, what: string, line: number): undefined {
    const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    this.note(line, `${what}: ${shown.replace(/\s+/g, " ")} is known only when Python runs it: left out`);
    return undefined;
  }
}

/** Models that people give values without names. */
const POSITIONAL: Readonly<Record<string, readonly string[]>> = {
  V1LocalObjectReference: ["name"],
  V1EnvVar: ["name", "value"],
};

const MAPS: ReadonlySet<string> = new Set(["requests", "limits", "labels", "annotations", "match_labels", "node_selector"]);

/** Kubernetes takes quantities and labels as texts. */
export const textMap = (value: TsValue): TsValue =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          typeof item === "number" || typeof item === "boolean" ? pythonText(item) : item,
        ]),
      )
    : value;

/** What str() makes of it. */
const pythonText = (value: number | boolean): string => (value === true ? "True" : value === false ? "False" : String(value));
