import { z } from "zod";
import { addFunction } from "./add-function.ts";
import { callSite } from "./call-site.ts";
import {
  BRANCH,
  type BranchOptions,
  type Choice,
  casesOf,
  EMPTY,
  LATEST_ONLY,
  SHORT_CIRCUIT,
  type ShortCircuitOptions,
} from "./chooser-kinds.ts";
import { GroupHandle } from "./group-handle.ts";
import { issueText } from "./issue-text.ts";
import { itemSchemaOf, MapOptions } from "./map-options.ts";
import type { FunctionMethod, MapMethod, Results } from "./mapped-methods.ts";
import { dropUndefined, mergeArgs } from "./merge-args.ts";
import type { Operator } from "./operator.ts";
import {
  APPROVAL,
  type ApprovalOptions,
  HTTP,
  type HttpOptions,
  NOOP,
  RESOURCE,
  type ResourceOptions,
  TRIGGER,
  type TriggerOptions,
} from "./operator-kinds.ts";
import { optionsReader } from "./options-reader.ts";
import { type Reference, referenceTo } from "./reference.ts";
import { idProblem } from "./spec-problems.ts";
import { ANYTHING, addPod, addTask, fullId, type Surroundings } from "./task-adder.ts";
import { type EdgeEnd, TaskHandle, type TaskList } from "./task-handle.ts";
import { DefaultArgs, type EmptyOptions, type NoopOptions, type PodOptions } from "./task-options.ts";
import { placeholder } from "./task-spec-of.ts";
import {
  WAIT_ASSET,
  WAIT_HTTP,
  WAIT_RUN,
  WAIT_UNTIL,
  type WaitAssetOptions,
  type WaitHttpOptions,
  type WaitRunOptions,
  type WaitUntilOptions,
} from "./wait-kinds.ts";
import { written } from "./written.ts";

export const GroupOptions = z.strictObject({
  /** What the group does, for people. */
  description: z.string().min(1).optional(),
  /** What holds for the group's tasks that do not say otherwise, over the DAG's own. */
  defaultArgs: DefaultArgs.optional(),
});
/** Options of a group. */
export interface GroupOptions {
  description?: string | undefined;
  defaultArgs?: DefaultArgs | undefined;
}

/** What the callback of dag() gets: adds tasks and draws edges. The methods may be taken out of the object: `({ pod, chain }) => …`. */
export class DagBuilder {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** A task that runs as one Kubernetes pod per try; it succeeds when its container exits with 0. */
  readonly pod = <Result = undefined>(id: string, options: PodOptions<Result>): TaskHandle<Result> =>
    addPod<Result>(this.#around, { id, place: callSite(this.pod) }, options);

  /**
   * A task of a kind that {@link defineOperator} has defined.
   * @param args what the operator asks for
   * @param options of a pod; they win over what the operator says
   */
  readonly use = <Args extends z.ZodType, Result = undefined>(
    operator: Operator<Args, Result>,
    id: string,
    args: z.input<Args>,
    options: Partial<PodOptions> = {},
  ): TaskHandle<Result> => {
    const place = callSite(this.use);
    const parsed = operator.args.safeParse(args, { reportInput: true });
    if (parsed.success)
      return addPod<Result>(this.#around, { id, place }, { ...operator.task(parsed.data), ...dropUndefined(options) });
    const taskId = fullId(this.#around, id);
    const { draft, group } = this.#around;
    for (const issue of parsed.error.issues)
      draft.report("WL_DAG_TYPE", `task '${taskId}': operator ${operator.name}: ${issueText(issue)}`, place);
    return draft.add<Result>({
      task: placeholder(taskId),
      place,
      group,
      output: { path: ["tasks", taskId, "output"], schema: ANYTHING },
    });
  };

  /**
   * A pod for each item of a list: one that is known, or a reference to one, of at most 10,000 items. The callback is called once, with
   * references to the item and its place in the list. The task's `output` is the list of its instances' results.
   *
   *     const clean = d.map("clean", extract.output.tables, table => ({ image: "etl:1.4", args: ["clean", table.name] }), { maxActive: 8 });
   */
  readonly map: MapMethod = <Item, Result = undefined>(
    id: string,
    list: readonly Item[] | Reference<readonly Item[]>,
    pod: (item: Reference<Item>, index: Reference<number>) => PodOptions<Result>,
    options: MapOptions = {},
  ): TaskHandle<Results<Result>> => {
    const place = callSite(this.map);
    const { draft } = this.#around;
    const isList = Array.isArray(list);
    const over = written<unknown>(list);
    const owner = `task '${fullId(this.#around, id)}': `;
    const isReference = typeof over === "string";
    if (!isList && !isReference)
      draft.report("WL_DAG_TYPE", `${owner}expected a list, or a reference to one such as extract.output.tables`, place);
    const checked = optionsReader(draft, place).options(MapOptions, owner, options);
    const item = referenceTo<Item>(["item"], isList ? itemSchemaOf(list) : ANYTHING);
    const podOptions = pod(item, referenceTo<number>(["index"], { type: "integer" }));
    const map = { over: isList || isReference ? (over as unknown[] | string) : [], ...checked };
    return addPod<Results<Result>>(this.#around, { id, place }, podOptions, map);
  };

  /**
   * A task that is a function of this file, called in a pod of Windlass' own image. What it returns is its result. The file and what it
   * imports travel with the pod, at most 96 KiB: what is larger, or is no TypeScript, belongs into an image and a {@link pod}.
   *
   *     const count = d.fn("count", async ({ input, log }) => { log(input.table); return { rows: 3 }; }, { input: { table: "orders" } });
   */
  readonly fn: FunctionMethod = (id: string, work: unknown, options: object = {}): TaskHandle<never> =>
    addFunction<never>(this.#around, { id, place: callSite(this.fn) }, work, options);

  /** A task without work: a place to hang edges on. The scheduler resolves it by itself, without pod or worker. */
  readonly empty = (id: string, options: EmptyOptions = {}): TaskHandle<undefined> =>
    addTask(this.#around, EMPTY, { id, place: callSite(this.empty) }, options).task;

  /** A task that passes through queue and worker and ends at once, without a pod. It measures Windlass itself; real work is a {@link pod}. */
  readonly noop = (id: string, options: NoopOptions = {}): TaskHandle<undefined> =>
    addTask(this.#around, NOOP, { id, place: callSite(this.noop) }, options).task;

  /**
   * Chooses who goes on. The others that come directly after it are skipped, except what the chosen way leads to as well.
   *
   *     d.branch("size", { on: check.output.size, cases: { big: cluster, small: [one, two] }, otherwise: report });
   *     d.branch("ended", { on: exitCodeOf(check), cases: { 0: load, 3: repair } });
   */
  readonly branch = <T extends Choice = string>(id: string, options: BranchOptions<T>): TaskHandle<undefined> => {
    const place = callSite(this.branch);
    const { draft } = this.#around;
    const { task, checked } = addTask(this.#around, BRANCH, { id, place }, options);
    if (checked === undefined) return task;
    const endsOf = (list: TaskList): EdgeEnd[] => {
      const ends = draft.endsIn([list], place);
      for (const end of ends) draft.join(task, end, place);
      return ends;
    };
    const cases = Object.fromEntries(Object.entries(checked.cases).map(([name, list]) => [name, endsOf(list)]));
    const otherwise = checked.otherwise && endsOf(checked.otherwise);
    draft.amendLate(task, idsOf => ({ cases: casesOf(cases, idsOf), ...(otherwise && { otherwise: idsOf(otherwise) }) }));
    return task;
  };

  /** Lets what comes after it go on only if a value is true. */
  readonly shortCircuit = (id: string, options: ShortCircuitOptions): TaskHandle<undefined> =>
    addTask(this.#around, SHORT_CIRCUIT, { id, place: callSite(this.shortCircuit) }, options).task;

  /** Lets what comes directly after it go on only in the run of the latest tick, and in runs that no tick has started. */
  readonly latestOnly = (id: string, options: EmptyOptions = {}): TaskHandle<undefined> =>
    addTask(this.#around, LATEST_ONLY, { id, place: callSite(this.latestOnly) }, options).task;

  /** A task that starts a run of another DAG, and waits for its end if it should. Its result names the run. */
  readonly trigger = (id: string, options: TriggerOptions): TaskHandle<{ runId: string }> => {
    const place = callSite(this.trigger);
    return addTask<typeof TRIGGER.options, { runId: string }>(this.#around, TRIGGER, { id, place }, options, STARTED_RUN).task;
  };

  /** Tasks that wait for something outside. They hold no worker and no pod meanwhile. */
  readonly wait = {
    /** Waits for an instant, or for a time to pass. */
    until: (id: string, options: WaitUntilOptions): TaskHandle<undefined> =>
      addTask(this.#around, WAIT_UNTIL, { id, place: callSite(this.wait.until) }, options).task,

    /** Asks an address until the answer is as expected. */
    http: (id: string, options: WaitHttpOptions): TaskHandle<undefined> =>
      addTask(this.#around, WAIT_HTTP, { id, place: callSite(this.wait.http) }, options).task,

    /** Waits for the run of another DAG with the same logical date, or for one of its tasks. */
    run: (id: string, options: WaitRunOptions): TaskHandle<undefined> =>
      addTask(this.#around, WAIT_RUN, { id, place: callSite(this.wait.run) }, options).task,

    /** Waits for an update of an asset. */
    asset: (id: string, options: WaitAssetOptions): TaskHandle<undefined> =>
      addTask(this.#around, WAIT_ASSET, { id, place: callSite(this.wait.asset) }, options).task,
  };

  /** A task that waits for a person's decision. Its result is the answer; "reject" fails it. */
  readonly approval = <const Answer extends string = never>(
    id: string,
    options: ApprovalOptions<Answer>,
  ): TaskHandle<"approve" | Answer> =>
    addTask<typeof APPROVAL.options, "approve" | Answer>(
      this.#around,
      APPROVAL,
      { id, place: callSite(this.approval) },
      options,
      { type: "string" },
    ).task;

  /** A task that is one request over HTTP, sent by the worker itself. */
  readonly http = <Result = undefined>(id: string, options: HttpOptions<Result>): TaskHandle<Result> =>
    addTask<typeof HTTP.options, Result>(this.#around, HTTP, { id, place: callSite(this.http) }, options).task;

  /** A task that is a custom resource: the worker applies it, watches its status and deletes it. */
  readonly resource = (id: string, options: ResourceOptions): TaskHandle<undefined> =>
    addTask(this.#around, RESOURCE, { id, place: callSite(this.resource) }, options).task;

  /**
   * Tasks with a common name: inside the group "load" the id "extract" is "load.extract". Edges to the group lead to what it begins with,
   * edges from it come from what it ends with. Groups may hold groups.
   *
   *     const load = d.group("load", g => g.chain(g.pod("extract", { … }), g.pod("store", { … })), { defaultArgs: { retries: 3 } });
   *     start.before(load).before(report);
   */
  readonly group = (id: string, build: (g: DagBuilder) => unknown, options: GroupOptions = {}): GroupHandle => {
    const place = callSite(this.group);
    const { draft, group: parent, defaults, podDefaults } = this.#around;
    const groupId = fullId(this.#around, id);
    const owner = `group '${groupId}': `;
    const wrongId = idProblem("group", groupId, place);
    if (wrongId !== undefined) draft.problems.push(wrongId);
    const read = optionsReader(draft, place);
    read.refuseLiteralSecrets(undefined, { [groupId]: options?.defaultArgs });
    const { defaultArgs = {}, description } = read.options(GroupOptions, owner, options) ?? {};
    const group = draft.addGroup({ id: groupId, description }, place, parent);
    if (typeof build !== "function")
      draft.report("WL_DAG_TYPE", `${owner}the second argument is a callback that adds tasks`, place);
    else if (build(new DagBuilder({ draft, group, defaults: mergeArgs(defaults, defaultArgs), podDefaults })) instanceof Promise)
      draft.report("WL_DAG_TYPE", `${owner}the callback must not be async: wait above dag(), then add the tasks`, place);
    return group;
  };

  /**
   * Draws edges from each item to the next: `chain(a, [b, c], d)` is a → b → d and a → c → d. Two lists that follow each other are joined
   * pair by pair and must be equally long, as in Airflow.
   */
  readonly chain = (...items: TaskList[]): void => {
    const place = callSite(this.chain);
    const { draft } = this.#around;
    const steps = items.map(item => ({ ends: draft.endsIn([item], place), isList: !isOne(item) }));
    for (const [index, down] of steps.slice(1).entries()) {
      const up = steps[index]!;
      const pairwise = up.isList && down.isList;
      if (pairwise && up.ends.length !== down.ends.length) {
        const lengths = `${up.ends.length} and ${down.ends.length}`;
        draft.report("WL_DAG_TYPE", `chain(): lists that follow each other must be equally long, got ${lengths} tasks`, place);
        continue;
      }
      for (const [row, a] of up.ends.entries()) {
        for (const b of pairwise ? down.ends.slice(row, row + 1) : down.ends) draft.join(a, b, place);
      }
    }
  };
}

/** JSON Schema of what a trigger hands on. */
const STARTED_RUN = { type: "object", properties: { runId: { type: "string" } } };

const isOne = (item: TaskList): boolean => item instanceof TaskHandle || item instanceof GroupHandle;
