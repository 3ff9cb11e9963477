import type { Draft } from "./draft.ts";
import { instanceId } from "./instance-id.ts";
import type { JsonValue } from "./result.ts";
import { pathsOf } from "./template/paths.ts";
import { runScope, type Scope, type TaskScope } from "./template/scope.ts";

/** What a text that the scheduler itself evaluates can name: the run, its parameters, and of tasks what their records say. */
export function scopeOfStep(draft: Draft, text: string): Scope {
  const named = pathsOf(text).flatMap(([root, id]) => (root === "tasks" && id !== undefined ? [String(id)] : []));
  const tasks = Object.fromEntries([...new Set(named)].map(id => [id, taskScope(draft, id)]));
  return { ...runScope(draft.run, draft.graph.spec), tasks };
}

function taskScope(draft: Draft, id: string): TaskScope {
  const { state, output, outcome, count } = draft.task(id);
  return {
    state,
    ...(output === undefined ? {} : { output }),
    ...(outcome?.exitCode === undefined ? {} : { exitCode: outcome.exitCode }),
    ...(count === undefined ? {} : { outputs: outputsOf(draft, id, count) }),
  };
}

const outputsOf = (draft: Draft, id: string, count: number): JsonValue[] =>
  Array.from({ length: count }, (_, index) => draft.task(instanceId(id, index)).output ?? null);
