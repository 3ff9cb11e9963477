import type { z } from "zod";
import { ADHOC_DAG, DagSpec, type Schedule } from "#core/dag-spec.ts";
import type { Place } from "#core/errors.ts";
import { findCycle } from "#core/graph.ts";
import { ID_PATTERN } from "#core/id.ts";
import { isTimezone } from "#core/instant.ts";
import { readParams } from "#core/params.ts";
import { nextTick } from "#core/schedule/dag-clock.ts";
import { scheduleProblem } from "#core/schedule/timetable.ts";
import { TaskSpec } from "#core/task-spec.ts";
import { issueText } from "./issue-text.ts";
import type { Problem } from "./problem.ts";
import { presetProblem } from "./schedule-of.ts";
import { type EdgedTask, taskProblems } from "./task-problems.ts";
import { templateProblems } from "./template-problems.ts";

/** Where an edge was written, when that is known. */
export type EdgePlace = (up: string, down: string) => Place | undefined;

/** A DAG that comes as data from elsewhere, with its defaults, or everything that is wrong with it. */
export function readSpec(value: unknown): SpecReading {
  const read = readShape(value);
  if ("problems" in read) return read;
  const problems = [...timeProblems(read.spec, {}), ...graphProblems(read.spec), ...dataProblems(read.spec)];
  return problems.length > 0 ? { problems } : read;
}

/** What is wrong with what tasks are given: their `{{ … }}`, and parameters that a schedule does not have. */
export function dataProblems(spec: DagSpec): Problem[] {
  const read = spec.schedule === undefined ? { mistakes: [] } : readParams(spec.params, {});
  const mistakes = "mistakes" in read ? read.mistakes : [];
  const missing = mistakes.map(({ path, message }): Problem => {
    const option = ["option params", ...path].join(".");
    return {
      code: "WL_DAG_TYPE",
      message: `${option}: with a schedule every parameter needs a default that is right: ${message}`,
      place: {},
    };
  });
  return [...missing, ...templateProblems(spec)];
}

const DagHead = DagSpec.omit({ tasks: true });

/**
 * As {@link readSpec}, but looks neither at the times nor at what tasks say of each other. Uses the value up: its tasks are replaced one by
 * one, so that a large DAG is not held twice.
 */
export function readShape(value: unknown): SpecReading {
  const { tasks, ...head } = (value ?? {}) as { tasks?: unknown };
  if (!Array.isArray(tasks) || tasks.length === 0) return { problems: shapeProblems(DagSpec.safeParse(value, REPORT).error!) };
  const readHead = DagHead.safeParse(head, REPORT);
  const problems = readHead.success ? [] : shapeProblems(readHead.error);
  for (const [index, task] of tasks.entries()) {
    const read = TaskSpec.safeParse(task, REPORT);
    if (read.success) tasks[index] = read.data;
    else problems.push(...shapeProblems(read.error, ["tasks", index]));
  }
  return readHead.success && problems.length === 0 ? { spec: { ...readHead.data, tasks: tasks as TaskSpec[] } } : { problems };
}

const REPORT = { reportInput: true };

const shapeProblems = ({ issues }: z.ZodError, above: PropertyKey[] = []): Problem[] =>
  issues.map(issue => ({ code: "WL_DAG_TYPE", message: issueText(issue, [], above), place: {} }));

export type SpecReading = { spec: DagSpec } | { problems: Problem[] };

/** What is wrong with an id; undefined when it is right. */
export function idProblem(kind: "DAG" | "task" | "group", id: unknown, place: Place): Problem | undefined {
  if (kind === "DAG" && id === ADHOC_DAG)
    return { code: "WL_DAG_ID", message: `'${ADHOC_DAG}' is the DAG of single pods; choose another id`, place };
  if (typeof id === "string" && ID_PATTERN.test(id)) return undefined;
  const got = typeof id === "string" ? `'${id.length > 60 ? `${id.slice(0, 60)}…` : id}'` : typeof id;
  return { code: "WL_DAG_ID", message: `${got} is no ${kind} id: 1 to 200 letters, digits, '_', '.' or '-'`, place };
}

/** What is wrong with schedule, zone and dates. */
export function timeProblems(spec: Pick<DagSpec, "schedule" | "timezone" | "startAt" | "endAt">, place: Place): Problem[] {
  const said: string[] = [];
  if (!isTimezone(spec.timezone)) said.push(`option timezone: '${spec.timezone}' is no IANA time zone such as "Europe/Berlin"`);
  else said.push(...scheduleSentences(spec.schedule, spec.timezone));
  if (spec.startAt !== undefined && spec.endAt !== undefined && spec.endAt < spec.startAt)
    said.push("option endDate: lies before startDate");
  return said.map(message => ({ code: "WL_DAG_TYPE", message, place }));
}

function scheduleSentences(schedule: Schedule | undefined, timezone: string): string[] {
  if (schedule === undefined) return [];
  if ("everyMs" in schedule) return schedule.everyMs < 1_000 ? ["option schedule.every: the shortest interval is 1s"] : [];
  if (!("cron" in schedule)) return [];
  return (schedule.cron ?? []).flatMap(text => {
    const sentence = cronSentence(text, timezone);
    return sentence === undefined ? [] : [`option schedule: ${sentence}`];
  });
}

function cronSentence(text: string, timezone: string): string | undefined {
  if (text.startsWith("@")) return presetProblem(text);
  const fields = text.split(/\s+/).length;
  // The parser also takes dates and years; those are no schedule that repeats.
  if (fields !== 5 && fields !== 6)
    return `'${text}' has ${fields} field${fields === 1 ? "" : "s"}; cron has five, or six with seconds`;
  const problem = scheduleProblem(text, timezone);
  if (problem !== undefined) return `'${text}' is no cron expression: ${problem}`;
  return nextTick({ schedule: { cron: [text] }, timezone }, 0) === undefined ? `'${text}' never comes` : undefined;
}

/** What is wrong with the tasks as a graph: ids used twice, edges to nowhere, a circle, and what each says of others. */
export function graphProblems({ id: dagId, tasks }: DagGraph, placeOf?: EdgePlace): Problem[] {
  // Of two tasks with one id the first counts, so that the second does not hide a circle.
  const byId = new Map<string, EdgedTask>();
  const problems: Problem[] = [];
  for (const task of tasks) {
    const first = byId.get(task.id);
    if (first === undefined) byId.set(task.id, task);
    else problems.push(duplicateProblem(first, task));
  }
  for (const task of tasks) {
    const { id, upstream, source } = task;
    for (const message of taskProblems(task, { id: dagId, tasks: byId }))
      problems.push({ code: "WL_DAG_TYPE", message, place: source ?? {} });
    for (const up of upstream.filter(name => !byId.has(name))) {
      const message = `task '${id}' waits for '${up}', which is no task of this DAG`;
      problems.push({ code: "WL_DAG_UNKNOWN_UPSTREAM", message, place: placeOf?.(up, id) ?? source ?? {} });
    }
  }
  const cycle = findCycle([...byId.values()]);
  if (cycle !== undefined) {
    const message = `the tasks form a circle: ${cycle.join(" → ")}`;
    problems.push({ code: "WL_DAG_CYCLE", message, place: cyclePlace(cycle, placeOf) });
  }
  return problems;
}

interface DagGraph {
  id?: string;
  tasks: readonly EdgedTask[];
}

function duplicateProblem(first: EdgedTask, { id, source }: EdgedTask): Problem {
  const where = first.source === undefined ? "" : `, first on line ${first.source.line}`;
  return { code: "WL_DAG_DUPLICATE_TASK", message: `task '${id}' is defined twice${where}`, place: source ?? {} };
}

/** The edge of the circle that was written last: the one that closed it. */
function cyclePlace(cycle: readonly string[], placeOf: EdgePlace | undefined): Place {
  const places = cycle.slice(1).flatMap((down, index) => placeOf?.(cycle[index]!, down) ?? []);
  return places.reduce<Place>((last, place) => ((place.line ?? 0) >= (last.line ?? 0) ? place : last), {});
}
