import { z } from "zod";

/** A value as it stands in a DAG file: plain JSON, and what `$` says. docs: reader/values.py writes it. */
export type AirflowValue =
  | string
  | number
  | boolean
  | null
  | AirflowValue[]
  | { $: "timedelta"; ms: number }
  | { $: "datetime"; iso: string; zone: string | null }
  | { $: "output"; task: string; path: (string | number)[] }
  | { $: "made"; name: string; args: AirflowValue[]; kwargs: Record<string, AirflowValue>; line: number }
  | { $: "code"; text: string; line: number }
  | { [name: string]: AirflowValue };

const Value = z.any().transform(value => value as AirflowValue);
const Values = z.record(z.string(), Value);

const AirflowTask = z.object({ id: z.string(), operator: z.string(), line: z.int(), args: Values });
export type AirflowTask = z.infer<typeof AirflowTask>;

const AirflowDag = z.object({
  line: z.int(),
  args: Values,
  tasks: z.array(AirflowTask),
  edges: z.array(z.tuple([z.string(), z.string()])),
});
export type AirflowDag = z.infer<typeof AirflowDag>;

export const Note = z.object({ line: z.int(), text: z.string() });
/** Something that was not turned, and where it stands in the Airflow file. */
export type Note = z.infer<typeof Note>;

/** What the reader prints. */
export const AirflowReading = z.union([z.object({ error: Note }), z.object({ dags: z.array(AirflowDag), notes: z.array(Note) })]);

type Tagged = Extract<AirflowValue, { $: string }>;

/** The value if it is of this kind. */
export function tagged<K extends "timedelta" | "datetime" | "output" | "made" | "code">(
  value: AirflowValue | undefined,
  kind: K,
): Extract<Tagged, { $: K }> | undefined {
  return typeof value === "object" && value !== null && "$" in value && value.$ === kind
    ? (value as Extract<Tagged, { $: K }>)
    : undefined;
}

/** A dict of the file; undefined for everything else. */
export const dictOf = (value: AirflowValue | undefined): Record<string, AirflowValue> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("$" in value)
    ? (value as Record<string, AirflowValue>)
    : undefined;

/** A list of the file; a single value is a list of one, and nothing none. */
export const listOf = (value: AirflowValue | undefined): AirflowValue[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
