import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import type { Place } from "#core/errors.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import { callSite } from "./call-site.ts";
import { DagBuilder } from "./dag-builder.ts";
import { DagDraft } from "./dag-draft.ts";
import { DagOptions } from "./dag-options.ts";
import { instantIn, isTimezone } from "./instant.ts";
import { optionsReader } from "./options-reader.ts";
import { DagError } from "./problem.ts";
import { scheduleOf } from "./schedule-of.ts";
import { idProblem, specProblems, timeProblems } from "./spec-problems.ts";

const MADE = new WeakSet<object>();

/** Whether a value was returned by {@link dag}. */
export const isDag = (value: unknown): value is DagSpec => typeof value === "object" && value !== null && MADE.has(value);

/**
 * Declares a workflow. The callback runs once, at once; it adds tasks and draws edges. Returns frozen plain data.
 *
 *     export default dag("nightly", { schedule: "@daily" }, d => {
 *       const extract = d.pod("extract", { image: "etl:1.4", retries: 2 });
 *       extract.before(d.pod("load", { image: "etl:1.4", args: ["load"] }));
 *     });
 *
 * @param id 1 to 200 letters, digits, `_`, `.` or `-`; unique in the installation
 * @throws DagError listing every mistake of the DAG with file and line
 */
export function dag(id: string, options: DagOptions, build: (d: DagBuilder) => void): DagSpec {
  const place = callSite(dag);
  const draft = new DagDraft(id);
  const wrongId = idProblem("DAG", id, place);
  if (wrongId !== undefined) draft.problems.push(wrongId);

  const read = optionsReader(draft, place);
  read.refuseLiteralSecrets("defaultArgs", options?.defaultArgs);
  read.refuseLiteralSecrets(undefined, { podDefaults: options?.podDefaults });
  const checked = read.options(DagOptions, "", options);
  for (const { code, message } of layerProblems([{ name: "podDefaults", patch: checked?.podDefaults }]))
    draft.report(code, message, place);
  if (typeof build !== "function")
    draft.report("WL_DAG_TYPE", `the third argument is a callback that adds tasks, got ${typeof build}`, place);
  else runCallback(draft, new DagBuilder(draft, checked?.defaultArgs ?? {}, checked?.podDefaults), build, place);

  const { schedule, startDate, endDate, defaultArgs: _, ...rest } = checked ?? {};
  const timezone = rest.timezone ?? "UTC";
  const startAt = readInstant(draft, "startDate", startDate, timezone, place);
  const endAt = readInstant(draft, "endDate", endDate, timezone, place);
  const head = { ...rest, timezone, startAt, endAt, schedule: schedule === undefined ? undefined : scheduleOf(schedule) };
  draft.problems.push(...timeProblems(head, place));
  return finish(draft, { id, ...head, tasks: draft.close() }, place);
}

/** The callback's own exceptions pass through as they are: their stack says more than we could. */
function runCallback(draft: DagDraft, builder: DagBuilder, build: (d: DagBuilder) => unknown, place: Place): void {
  const returned = build(builder);
  if (returned instanceof Promise)
    draft.report("WL_DAG_TYPE", "the callback must not be async: wait above dag(), then add the tasks", place);
}

function readInstant(
  draft: DagDraft,
  option: string,
  value: string | Date | undefined,
  timezone: string,
  place: Place,
): number | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.getTime();
  // A wrong zone has its own message.
  const at = instantIn(value, isTimezone(timezone) ? timezone : "UTC");
  if (at === undefined)
    draft.report("WL_DAG_TYPE", `option ${option}: '${value}' is no date; write "2026-01-31" or "2026-01-31T06:30"`, place);
  return at;
}

function finish(draft: DagDraft, input: DagSpecInput, place: Place): DagSpec {
  if (draft.problems.length === 0) {
    // JSON drops what is undefined: the data is what will be stored.
    const data: unknown = JSON.parse(JSON.stringify(input));
    draft.problems.push(...specProblems(data).map(problem => ({ ...problem, place })));
    if (draft.problems.length === 0) {
      const spec = deepFreeze(DagSpec.parse(data));
      MADE.add(spec);
      return spec;
    }
  }
  const [first, ...more] = draft.problems;
  throw new DagError([first!, ...more]);
}

function deepFreeze<T extends object>(value: T): T {
  for (const item of Object.values(value)) if (typeof item === "object" && item !== null) deepFreeze(item);
  return Object.freeze(value);
}
