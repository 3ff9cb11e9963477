import type { Redis } from "ioredis";
import type { JsonValue } from "#core/result.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { SCRIPTS } from "./scripts.ts";

/** One change of a variable. */
export interface VariableVersion {
  /** Counted from 1. */
  version: number;
  at: number;
  by: string;
  /** Absent: it was removed. */
  value?: JsonValue;
}

/** A variable as it is now. */
export interface Variable extends VariableVersion {
  name: string;
  value: JsonValue;
}

/** Values that tasks can name, kept beside all DAGs. Not for secrets. */
export interface VariableStore {
  /** By name. */
  listVariables(): Promise<Variable[]>;
  getVariable(name: string): Promise<Variable | undefined>;
  /** The last 20 changes, youngest first; those of a removed variable as well. */
  variableVersions(name: string): Promise<VariableVersion[]>;
  /** Returns the version's number. */
  putVariable(name: string, value: JsonValue, change: { at: number; by: string }): Promise<number>;
  /** false: there was none. */
  removeVariable(name: string, change: { at: number; by: string }): Promise<boolean>;
}

const KEPT_VERSIONS = 20;

export function openVariableStore(redis: Redis, keys: Keys): VariableStore {
  const put = (name: string, value: JsonValue | undefined, change: { at: number; by: string }) =>
    SCRIPTS.putVariable.run(
      redis,
      { variables: keys.variables, versions: keys.variableVersions(name), counts: keys.variableCounts },
      {
        name,
        value: value === undefined ? "" : JSON.stringify(value),
        entry: JSON.stringify({ at: change.at, by: change.by, value }),
        most: KEPT_VERSIONS,
      },
    ) as Promise<number>;

  async function read(names: readonly string[]): Promise<Variable[]> {
    const pipeline = redis.pipeline();
    for (const name of names) pipeline.lindex(keys.variableVersions(name), 0);
    const texts = (await readPipeline(pipeline)) as (string | null)[];
    return names.flatMap((name, index) => {
      const { value, ...version } = parseVersion(texts[index] ?? "0|{}");
      return value === undefined ? [] : [{ name, value, ...version }];
    });
  }

  return {
    listVariables: async () => read((await redis.hkeys(keys.variables)).sort()),
    getVariable: async name => (await read([name]))[0],
    variableVersions: async name => (await redis.lrange(keys.variableVersions(name), 0, -1)).map(parseVersion),
    putVariable: (name, value, change) => put(name, value, change),
    removeVariable: async (name, change) => (await put(name, undefined, change)) > 0,
  };
}

function parseVersion(text: string): VariableVersion {
  const bar = text.indexOf("|");
  return { version: Number(text.slice(0, bar)), ...(JSON.parse(text.slice(bar + 1)) as Omit<VariableVersion, "version">) };
}
