import type { Redis } from "ioredis";
import { instanceId } from "#core/instance-id.ts";
import type { JsonValue } from "#core/result.ts";
import type { RunHeader, TaskRun } from "#core/run.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { parseTaskRecord } from "./task-record.ts";

/** What a try's texts name. */
export interface ScopeQuery {
  variables: readonly string[];
  /** Tasks whose records are asked for. */
  records: readonly string[];
  /** Tasks, or instances of mapped ones, whose results are asked for. */
  outputs: readonly string[];
}

export interface ScopeValues {
  /** Undefined: there is no such run. */
  header: RunHeader | undefined;
  /** By name; those that exist. */
  variables: ReadonlyMap<string, JsonValue>;
  records: ReadonlyMap<string, TaskRun>;
  outputs: ReadonlyMap<string, JsonValue>;
}

/** Reads for workers what a try's texts name, and nothing else. */
export interface ScopeStore {
  /** One round trip. */
  readScope(runId: string, query: ScopeQuery): Promise<ScopeValues>;
  /** The results of a mapped task's instances in their order; null for one without a result. */
  instanceOutputs(runId: string, taskId: string, count: number): Promise<JsonValue[]>;
}

export function openScopeStore(redis: Redis, keys: Keys): ScopeStore {
  return {
    async readScope(runId, { variables, records, outputs }) {
      const pipeline = redis.pipeline().hget(keys.run(runId), "header");
      const fields: [key: string, names: readonly string[]][] = [
        [keys.variables, variables],
        [keys.tasks(runId), records],
        [keys.outputs(runId), outputs],
      ];
      const asked = fields.filter(([, names]) => names.length > 0);
      for (const [key, names] of asked) pipeline.hmget(key, ...names);
      const [header, ...found] = await readPipeline(pipeline);
      const textsOf = (key: string): ReadonlyMap<string, string> => {
        const index = asked.findIndex(([other]) => other === key);
        const [, names] = asked[index] ?? [key, []];
        const texts = (found[index] ?? []) as (string | null)[];
        return new Map(names.flatMap((name, i) => (texts[i] == null ? [] : [[name, texts[i]] as const])));
      };
      return {
        header: header === null ? undefined : (JSON.parse(header as string) as RunHeader),
        variables: parsed(textsOf(keys.variables)),
        records: new Map([...textsOf(keys.tasks(runId))].map(([id, text]) => [id, parseTaskRecord(text)])),
        outputs: parsed(textsOf(keys.outputs(runId))),
      };
    },

    async instanceOutputs(runId, taskId, count) {
      if (count === 0) return [];
      const ids = Array.from({ length: count }, (_, index) => instanceId(taskId, index));
      const texts = await redis.hmget(keys.outputs(runId), ...ids);
      return texts.map(text => (text === null ? null : (JSON.parse(text) as JsonValue)));
    },
  };
}

const parsed = (texts: ReadonlyMap<string, string>): Map<string, JsonValue> =>
  new Map([...texts].map(([name, text]) => [name, JSON.parse(text) as JsonValue]));
