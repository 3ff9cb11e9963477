import { podName } from "#core/ids.ts";
import type { PodRef } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import { formatTaskRecord, parseTaskRecord } from "../task-record.ts";
import { type Breathe, breather } from "./breather.ts";
import { type PackedRows, packRows, type ReadRow, type Row, unpackRows } from "./pack-rows.ts";
import type { RunParts } from "./run-parts.ts";

/** The run that the parts belong to. */
export interface RunKey {
  runId: string;
  dagId: string;
}

/** A run's parts as tables. Tasks are named by their place in the first one, and nothing is written twice. */
export interface PackedRun {
  layout: 1;
  tasks: PackedRows;
  tries: PackedRows;
  outputs: PackedRows;
  notes: PackedRows;
  remarks: PackedRows;
  history: PackedRows;
}

/** A field of this name holds a task's place instead of its id. */
const PLACE = "#";
/** Marks a part that is the same elsewhere: a task's last try, a note's pod. */
const REPEATED = "=";

const parse = (text: string): JsonValue => JSON.parse(text) as JsonValue;
const collator = new Intl.Collator("en", { numeric: true });

/** Rows are made when they are packed: no table lies about twice. */
function* mapped<T>(items: Iterable<T>, toRow: (item: T) => Row): Iterable<Row> {
  for (const item of items) yield toRow(item);
}

/** The order in which what belongs together lies together: as they were queued, and by name. */
const byStart = ([a, one]: [string, TaskRun], [b, other]: [string, TaskRun]): number =>
  (one.queuedAt ?? one.endedAt ?? 0) - (other.queuedAt ?? other.endedAt ?? 0) || collator.compare(a, b);

/** Packs the parts of a run, in slices between which other work of the process goes on. */
export async function packRun(key: RunKey, parts: RunParts, breathe: Breathe = breather()): Promise<PackedRun> {
  const tasks = Object.entries(parts.tasks)
    .map(([id, text]): [string, TaskRun] => [id, parseTaskRecord(text)])
    .sort(byStart);
  const places = new Map(tasks.map(([id], place) => [id, place]));
  const name = (taskId: string): Row => (places.has(taskId) ? { [PLACE]: places.get(taskId) } : { taskId });
  const byPlace = (record: Readonly<Record<string, string>>): [string, JsonValue][] =>
    Object.entries(record)
      .map(([id, text]): [string, JsonValue] => [id, parse(text)])
      .sort(([a], [b]) => (places.get(taskOfField(a)) ?? 0) - (places.get(taskOfField(b)) ?? 0) || collator.compare(a, b));
  const table = (record: Readonly<Record<string, string>>): Promise<PackedRows> =>
    packRows(
      mapped(byPlace(record), ([id, value]) => ({ ...name(id), value })),
      breathe,
    );

  return {
    layout: 1,
    tasks: await packRows(
      mapped(tasks, ([id, task]) => ({ id, ...withoutLastTry(task, id, parts) })),
      breathe,
    ),
    tries: await packRows(
      mapped(byPlace(parts.tries), ([field, one]) => {
        const taskId = taskOfField(field);
        return { ...name(taskId), ...withoutPodName(one as unknown as TryRecord, taskId, key) };
      }),
      breathe,
    ),
    outputs: await table(parts.outputs),
    notes: await packRows(
      mapped(byPlace(parts.notes), ([id, note]) => ({ ...name(id), value: withoutPod(note, id, parts) })),
      breathe,
    ),
    remarks: await table(parts.remarks),
    history: await packRows(
      mapped(parts.history, text =>
        renamed(parse(text) as ReadRow, "taskId", id =>
          places.has(id as string) ? [PLACE, places.get(id as string)!] : undefined,
        ),
      ),
      breathe,
    ),
  };
}

export function unpackRun(key: RunKey, packed: PackedRun): RunParts {
  const rows = unpackRows(packed.tasks);
  const ids = rows.map(row => row.id as string);
  const idOf = ({ [PLACE]: place, taskId }: ReadRow): string => (typeof place === "number" ? ids[place]! : (taskId as string));
  const tries: Record<string, string> = {};
  const lastTries = new Map<string, TryRecord>();
  for (const row of unpackRows(packed.tries)) {
    const taskId = idOf(row);
    const { [PLACE]: _, taskId: __, ...rest } = row;
    const one = withPodName(rest as unknown as TryRecord, taskId, key);
    tries[tryField(taskId, one)] = JSON.stringify(one);
    lastTries.set(tryField(taskId, one), one);
  }
  const tasks = new Map(ids.map((id, place) => [id, withLastTry(rows[place]!, id, lastTries)]));
  const record = (packedRows: PackedRows, read: (value: JsonValue, id: string) => JsonValue): Record<string, string> =>
    Object.fromEntries(unpackRows(packedRows).map(row => [idOf(row), JSON.stringify(read(row.value!, idOf(row)))]));
  return {
    tasks: Object.fromEntries([...tasks].map(([id, task]) => [id, formatTaskRecord(task)])),
    tries,
    outputs: record(packed.outputs, value => value),
    notes: record(packed.notes, (note, id) => withPod(note, tasks.get(id))),
    remarks: record(packed.remarks, value => value),
    history: unpackRows(packed.history).map(row =>
      JSON.stringify(renamed(row, PLACE, place => (typeof place === "number" ? ["taskId", ids[place]!] : undefined))),
    ),
  };
}

const tryField = (taskId: string, one: Pick<TryRecord, "try" | "infra">): string => `${taskId}/${one.try}.${one.infra}`;
const taskOfField = (field: string): string => (field.includes("/") ? field.slice(0, field.lastIndexOf("/")) : field);

/** The row with one field under another name, in its place. */
function renamed(row: ReadRow, field: string, to: (value: JsonValue) => [string, JsonValue] | undefined): ReadRow {
  if (!Object.hasOwn(row, field)) return row;
  const renaming = to(row[field]!);
  if (renaming === undefined) return row;
  const entries = Object.entries(row);
  for (let i = 0; i < entries.length; i++) if (entries[i]![0] === field) entries[i] = renaming;
  return Object.fromEntries(entries);
}

/** Fields of a task that its last try has as well. */
const OF_TRY = ["startedAt", "endedAt", "worker", "pod", "outcome"] as const;

function withoutLastTry(task: TaskRun, taskId: string, { tries }: RunParts): Row {
  const text = [task.infra, task.infra - 1].map(infra => tries[tryField(taskId, { try: task.try, infra })]).find(Boolean);
  if (text === undefined) return { ...task };
  const last = JSON.parse(text) as TryRecord;
  const isLike = OF_TRY.every(field => JSON.stringify(task[field]) === JSON.stringify(last[field]));
  if (!isLike) return { ...task };
  const { startedAt: _, endedAt: __, worker: ___, pod: ____, outcome: _____, ...rest } = task;
  return { ...rest, [REPEATED]: last.infra };
}

function withLastTry(row: ReadRow, taskId: string, tries: ReadonlyMap<string, TryRecord>): TaskRun {
  const { id: _, [REPEATED]: infra, ...rest } = row;
  const task = rest as unknown as TaskRun;
  const last = typeof infra === "number" ? tries.get(tryField(taskId, { try: task.try, infra })) : undefined;
  if (last === undefined) return task;
  const { startedAt, endedAt, worker, pod, outcome } = last;
  return {
    ...task,
    startedAt,
    endedAt,
    ...(worker === undefined ? {} : { worker }),
    ...(pod === undefined ? {} : { pod }),
    outcome,
  };
}

/** A pod's name is computed, unless the task gives it another head. */
const nameOf = ({ runId, dagId }: RunKey, taskId: string, one: Pick<TryRecord, "try" | "infra">): string =>
  podName({ dagId, runId, taskId, try: one.try, infra: one.infra });

function withoutPodName(one: TryRecord, taskId: string, key: RunKey): Row {
  if (one.pod === undefined || one.pod.name !== nameOf(key, taskId, one)) return { ...one };
  const { name: _, ...pod } = one.pod;
  return { ...one, pod };
}

function withPodName(one: TryRecord, taskId: string, key: RunKey): TryRecord {
  if (one.pod === undefined || one.pod.name !== undefined) return one;
  const { namespace, ...rest } = one.pod as Omit<PodRef, "name">;
  return { ...one, pod: { namespace, name: nameOf(key, taskId, one), ...rest } };
}

/** The pod that a worker's last note speaks of is nearly always that of the last try. */
function withoutPod(note: JsonValue, taskId: string, { tasks }: RunParts): JsonValue {
  const text = tasks[taskId];
  const pod = text === undefined ? undefined : parseTaskRecord(text).pod;
  if (!isObject(note) || pod === undefined || JSON.stringify(note.pod) !== JSON.stringify(pod)) return note;
  return { ...note, pod: REPEATED };
}

const withPod = (note: JsonValue, task: TaskRun | undefined): JsonValue =>
  isObject(note) && note.pod === REPEATED && task?.pod !== undefined ? { ...note, pod: { ...task.pod } } : note;

const isObject = (value: JsonValue): value is ReadRow => typeof value === "object" && value !== null && !Array.isArray(value);
