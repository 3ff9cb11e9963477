import { ADHOC_DAG, DagSpec, type Schedule } from "#core/dag-spec.ts";
import type { Place } from "#core/errors.ts";
import { findCycle } from "#core/graph.ts";
import { ID_PATTERN } from "#core/id.ts";
import { nextTick, scheduleProblem } from "#core/schedule.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { isTimezone } from "./instant.ts";
import { issueText } from "./issue-text.ts";
import type { Problem } from "./problem.ts";
import { presetProblem } from "./schedule-of.ts";

/** Where an edge was written, when that is known. */
export type EdgePlace = (up: string, down: string) => Place | undefined;

/** Everything that is wrong with a DAG that comes as data from elsewhere; [] when it can be run. */
export function specProblems(value: unknown): Problem[] {
  const parsed = DagSpec.safeParse(value, { reportInput: true });
  if (!parsed.success) return parsed.error.issues.map(issue => ({ code: "WL_DAG_TYPE", message: issueText(issue), place: {} }));
  const spec = parsed.data;
  return [...timeProblems(spec, {}), ...graphProblems(spec.tasks)];
}

/** What is wrong with an id; undefined when it is right. */
export function idProblem(kind: "DAG" | "task", id: unknown, place: Place): Problem | undefined {
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
  return schedule.cron.flatMap(text => {
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

/** What is wrong with the tasks as a graph: ids used twice, edges to nowhere, a circle. */
export function graphProblems(tasks: readonly GraphTask[], placeOf?: EdgePlace): Problem[] {
  // Of two tasks with one id the first counts, so that the second does not hide a circle.
  const byId = new Map<string, GraphTask>();
  const problems: Problem[] = [];
  for (const task of tasks) {
    const first = byId.get(task.id);
    if (first === undefined) byId.set(task.id, task);
    else problems.push(duplicateProblem(first, task));
  }
  for (const { id, upstream, source } of tasks) {
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

type GraphTask = Pick<TaskSpec, "id" | "upstream" | "source">;

function duplicateProblem(first: GraphTask, { id, source }: GraphTask): Problem {
  const where = first.source === undefined ? "" : `, first on line ${first.source.line}`;
  return { code: "WL_DAG_DUPLICATE_TASK", message: `task '${id}' is defined twice${where}`, place: source ?? {} };
}

/** The edge of the circle that was written last: the one that closed it. */
function cyclePlace(cycle: readonly string[], placeOf: EdgePlace | undefined): Place {
  const places = cycle.slice(1).flatMap((down, index) => placeOf?.(cycle[index]!, down) ?? []);
  return places.reduce<Place>((last, place) => ((place.line ?? 0) >= (last.line ?? 0) ? place : last), {});
}
