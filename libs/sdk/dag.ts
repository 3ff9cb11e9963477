import type { z } from "zod";
import type { DagSpec, DagSpecInput } from "#core/dag-spec.ts";
import type { Place } from "#core/errors.ts";
import { instantIn, isTimezone } from "#core/instant.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import { callSite } from "./call-site.ts";
import { DagBuilder } from "./dag-builder.ts";
import { DagDraft } from "./dag-draft.ts";
import { headOf } from "./dag-head.ts";
import { DagOptions } from "./dag-options.ts";
import { optionsReader } from "./options-reader.ts";
import { paramsSchemaOf } from "./params-schema.ts";
import { DagError } from "./problem.ts";
import { type Reference, referenceTo } from "./reference.ts";
import { dataProblems, idProblem, readShape, timeProblems } from "./spec-problems.ts";
import { withTexts } from "./templated.ts";
import { keepTimetable, Timetable } from "./timetable.ts";
import { written } from "./written.ts";

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
 * The callback's second argument has what a run is given: `(d, { params }) => d.pod("load", { image: "etl:1.4", args: [params.country] })`.
 *
 * @param id 1 to 200 letters, digits, `_`, `.` or `-`; unique in the installation
 * @throws DagError listing every mistake of the DAG with file and line
 */
export function dag<Params extends z.ZodObject = never>(
  id: string,
  options: DagOptions<Params>,
  build: (d: DagBuilder, given: Given<Params>) => void,
): DagSpec {
  const place = callSite(dag);
  const draft = new DagDraft(id);
  const wrongId = idProblem("DAG", id, place);
  if (wrongId !== undefined) draft.problems.push(wrongId);

  const read = optionsReader(draft, place);
  const said = withTexts(options) as DagOptions | undefined;
  read.refuseLiteralSecrets("defaultArgs", said?.defaultArgs);
  const { podDefaults, onSuccess, onFailure, onDeadline, deadlines } = said ?? {};
  read.refuseLiteralSecrets(undefined, { podDefaults, onSuccess, onFailure, onDeadline, deadlines });
  const checked = read.options(DagOptions, "", said);
  const params = checked?.params && paramsSchemaOf(checked.params, message => draft.report("WL_DAG_TYPE", message, place));
  for (const { code, message } of layerProblems([{ name: "podDefaults", patch: checked?.podDefaults }]))
    draft.report(code, message, place);
  if (typeof build !== "function")
    draft.report("WL_DAG_TYPE", `the third argument is a callback that adds tasks, got ${typeof build}`, place);
  else
    runCallback(
      draft,
      builder => build(builder, { params: referenceTo(["params"], params ?? {}) }),
      builderOf(draft, checked),
      place,
    );

  const timezone = checked?.timezone ?? "UTC";
  const head = headOf({ ...checked, params: undefined }, timezone, (option, value) =>
    readInstant(draft, option, value, timezone, place),
  );
  draft.problems.push(...timeProblems(head, place));
  const spec = finish(draft, { id, ...head, params, ...draft.groups, tasks: draft.close() }, place);
  if (checked?.schedule instanceof Timetable) keepTimetable(spec, checked.schedule);
  return spec;
}

/** What a run is given, as references. */
export interface Given<Params extends z.ZodObject = never> {
  /** The parameters, defaults filled in; typed where the DAG has the option `params`. */
  params: Reference<[Params] extends [never] ? never : z.output<Params>>;
}

const builderOf = (draft: DagDraft, options: z.output<typeof DagOptions> | undefined): DagBuilder =>
  new DagBuilder({ draft, defaults: options?.defaultArgs ?? {}, podDefaults: options?.podDefaults });

/** The callback's own exceptions pass through as they are: their stack says more than we could. */
function runCallback(draft: DagDraft, build: (d: DagBuilder) => unknown, builder: DagBuilder, place: Place): void {
  const returned = build(builder);
  if (returned instanceof Promise)
    draft.report("WL_DAG_TYPE", "the callback must not be async: wait above dag(), then add the tasks", place);
}

function readInstant(draft: DagDraft, option: string, value: string | Date, timezone: string, place: Place): number | undefined {
  if (value instanceof Date) return value.getTime();
  // A wrong zone has its own message.
  const at = instantIn(value, isTimezone(timezone) ? timezone : "UTC");
  if (at === undefined)
    draft.report("WL_DAG_TYPE", `option ${option}: '${value}' is no date; write "2026-01-31" or "2026-01-31T06:30"`, place);
  return at;
}

function finish(draft: DagDraft, input: DagSpecInput, place: Place): DagSpec {
  if (draft.problems.length === 0) {
    const { tasks, ...head } = input;
    // The tasks are data already.
    const read = readShape({ ...written(head), tasks });
    const wrong = "spec" in read ? dataProblems(read.spec) : read.problems;
    if ("spec" in read && wrong.length === 0) {
      const spec = deepFreeze(read.spec);
      MADE.add(spec);
      return spec;
    }
    draft.problems.push(
      ...wrong.map(problem => ({ ...problem, place: problem.place.file === undefined ? place : problem.place })),
    );
  }
  const [first, ...more] = draft.problems;
  throw new DagError([first!, ...more]);
}

function deepFreeze<T extends object>(value: T): T {
  for (const name in value) {
    const item = value[name];
    if (typeof item === "object" && item !== null) deepFreeze(item);
  }
  return Object.freeze(value);
}
