import type { JsonValue } from "#core/result.ts";
import type { ClaimStore } from "#state/claim-store.ts";
import type { MadeResource, ResourceLedger } from "#state/resource-ledger.ts";
import type { TaskNote } from "#state/run-store.ts";
import type { ScopeStore } from "#state/scope-store.ts";
import type { LocalRun } from "#testing/local-run.ts";

/** The record as a worker sees it, kept in the memory of this process for one run. */
export interface LocalStores {
  claims: Pick<ClaimStore, "begin" | "finish" | "note">;
  scopes: ScopeStore;
  ledger: Pick<ResourceLedger, "note" | "find" | "forget">;
  /** What was last said of each task that runs. */
  notes: ReadonlyMap<string, TaskNote>;
}

/** @param onChange hears of every try that begins to run or has ended */
export function openLocalStores(run: LocalRun, onChange: () => void): LocalStores {
  const notes = new Map<string, TaskNote>();
  const made = new Map<string, MadeResource>();
  const keyOf = ({ runId, taskId, try: tryNumber, infra }: Parameters<ResourceLedger["find"]>[0]) =>
    [runId, taskId, tryNumber, infra].join("~");
  return {
    notes,
    claims: {
      async begin({ taskId, at }) {
        const before = run.task(taskId).state;
        return { answer: "ok", task: run.begin(taskId, at), before };
      },
      async finish({ taskId, next, at, record, output }) {
        notes.delete(taskId);
        run.finish(taskId, next, at, { ...(record && { record }), ...(output === undefined ? {} : { output }) });
        onChange();
        return true;
      },
      async note({ taskId, note }) {
        notes.set(taskId, JSON.parse(note) as TaskNote);
        onChange();
        return true;
      },
    },
    scopes: {
      async readScope(_runId, { variables, records, outputs }) {
        const known = (names: readonly string[], all: ReadonlyMap<string, JsonValue>) =>
          new Map(names.flatMap(name => (all.has(name) ? [[name, all.get(name)!] as const] : [])));
        return {
          header: run.run,
          variables: known(variables, new Map(Object.entries(run.variables))),
          records: new Map(records.map(id => [id, run.task(id)])),
          outputs: known(outputs, run.outputs),
        };
      },
      instanceOutputs: async (_runId, taskId) => run.instancesOf(taskId).map(id => run.outputs.get(id) ?? null),
    },
    ledger: {
      note: async resource => void made.set(keyOf(resource), resource),
      find: async owner => made.get(keyOf(owner)),
      forget: async owner => void made.delete(keyOf(owner)),
    },
  };
}
