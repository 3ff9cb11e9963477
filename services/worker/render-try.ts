import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { failure } from "#core/failure.ts";
import { instanceId, mapIndexOf } from "#core/instance-id.ts";
import type { Outcome } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
import { itemOf } from "#core/template/map-item.ts";
import type { TemplatePath } from "#core/template/paths.ts";
import { renderTask, type TryTexts } from "#core/template/render-task.ts";
import { type RenderedTexts, renderedTexts } from "#core/template/rendered-texts.ts";
import { runScope, type Scope, type TaskScope, tryScope } from "#core/template/scope.ts";
import { needsRendering, workerPaths } from "#core/template/task-texts.ts";
import type { ScopeStore, ScopeValues } from "#state/scope-store.ts";
import type { DagTask } from "./dag-tasks.ts";

/** Whose texts are rendered. `taskId` may be an instance's. */
export interface RenderRequest {
  runId: string;
  taskId: string;
  try: number;
}

/** What is rendered, as the DAG says it. */
type Written = Pick<DagTask, "task" | "podDefaults" | "dag">;

export interface RenderedTry extends TryTexts {
  /** Absent: there was nothing to render. */
  rendered?: RenderedTexts;
}

/** The texts, or why the try fails. */
export type Rendering = RenderedTry | { failure: Outcome };

export interface RenderDeps {
  scopes: ScopeStore;
  /** A variable that is not in the record; undefined: it is nowhere. */
  fallback(variable: string): JsonValue | undefined;
}

/** Puts values in the place of the task's `{{ … }}`, as they are now. A task that has none costs nothing. */
export async function renderTry(request: RenderRequest, of: Written, deps: RenderDeps): Promise<Rendering> {
  const texts: TryTexts = { task: of.task, podDefaults: of.podDefaults };
  if (!needsRendering(of.task, of.podDefaults)) return texts;
  try {
    return await render(request, of, texts, deps);
  } catch (error) {
    if (!(error instanceof WindlassError) || error.code !== "WL_TEMPLATE") throw error;
    return { failure: failure("TemplateError", { values: { why: error.message }, evidence: error.evidence }) };
  }
}

async function render(request: RenderRequest, of: Written, texts: TryTexts, deps: RenderDeps): Promise<RenderedTry> {
  const index = mapIndexOf(request.taskId);
  const paths = workerPaths(of.task, of.podDefaults, index);
  const scope = await readScope(request, paths, of.dag, deps);
  const { over } = of.task.map ?? {};
  const needsItem = over !== undefined && index !== undefined && paths.some(([root]) => root === "item");
  const after = renderTask(texts, needsItem ? { ...scope, item: itemOf(over, index, scope) } : scope);
  return { ...after, rendered: renderedTexts(texts, after) };
}

/** Asks for what the paths name, and for nothing else. */
export async function readScope(
  { runId, taskId, try: tryNumber }: RenderRequest,
  paths: readonly TemplatePath[],
  dag: Pick<DagSpec, "id" | "owner" | "tags">,
  { scopes, fallback }: RenderDeps,
): Promise<Scope> {
  const named = paths.filter(([root]) => root === "tasks");
  const ids = new Set(named.map(([, id]) => String(id)));
  const variables = paths.flatMap(([root, name]) => (root === "variables" && name !== undefined ? [String(name)] : []));
  const values = await scopes.readScope(runId, {
    variables,
    records: [...ids],
    outputs: [...new Set(named.flatMap(outputId))],
  });
  const known = variables.flatMap(name => {
    const value = values.variables.get(name) ?? fallback(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const tasks: [id: string, task: TaskScope][] = [];
  for (const id of ids) {
    const isWhole = named.some(([, other, field, at]) => other === id && field === "outputs" && typeof at !== "number");
    const count = values.records.get(id)?.count ?? 0;
    const outputs = isWhole ? await scopes.instanceOutputs(runId, id, count) : someOutputs(id, named, values);
    tasks.push([id, taskScope(id, values, outputs)]);
  }
  const index = mapIndexOf(taskId);
  return tryScope(values.header === undefined ? {} : runScope(values.header, dag), {
    task: { id: taskId, try: tryNumber, ...(index === undefined ? {} : { index }) },
    variables: Object.fromEntries(known),
    tasks: Object.fromEntries(tasks),
  });
}

/** Whose result a path needs: a task's, or one instance's. */
function outputId([, id, field, at]: TemplatePath): string[] {
  if (field === "output") return [String(id)];
  return field === "outputs" && typeof at === "number" ? [instanceId(String(id), at)] : [];
}

/** The outputs that are named one by one, each at its place; undefined when none is. */
function someOutputs(id: string, named: readonly TemplatePath[], { outputs }: ScopeValues): JsonValue[] | undefined {
  const places = named.flatMap(([, other, field, at]) =>
    other === id && field === "outputs" && typeof at === "number" ? [at] : [],
  );
  if (places.length === 0) return undefined;
  const list: JsonValue[] = [];
  for (const at of places) {
    const output = outputs.get(instanceId(id, at));
    if (output !== undefined) list[at] = output;
  }
  return list;
}

function taskScope(id: string, { records, outputs }: ScopeValues, list: JsonValue[] | undefined): TaskScope {
  const { state, outcome } = records.get(id) ?? {};
  const output = outputs.get(id);
  return {
    ...(state === undefined ? {} : { state }),
    ...(outcome?.exitCode === undefined ? {} : { exitCode: outcome.exitCode }),
    ...(output === undefined ? {} : { output }),
    ...(list === undefined ? {} : { outputs: list }),
  };
}
