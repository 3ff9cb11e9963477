import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/** What a script takes, by name and in the order of its header. */
export interface ScriptShape {
  keys: readonly string[];
  args: readonly string[];
  /** The name of the arguments that may follow the fixed ones. */
  rest?: string;
}

export type Value = string | number | Buffer;

/** A Lua file as a typed function. `run` writes its command before it returns, so that calls keep their order on a connection. */
export interface Script<K extends string, A extends string> {
  readonly name: string;
  readonly lua: string;
  readonly shape: ScriptShape;
  run(
    redis: Redis,
    keys: Readonly<Record<K, string>>,
    args: Readonly<Record<A, Value>>,
    rest?: readonly Value[],
  ): Promise<unknown>;
}

export function defineScript<const K extends string, const A extends string>(
  name: string,
  shape: { keys: readonly K[]; args: readonly A[]; rest?: string },
): Script<K, A> {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
  // The hash keeps two versions of a script apart that meet on one connection.
  const command = `windlass.${name}.${createHash("sha1").update(lua).digest("hex").slice(0, 8)}`;
  const { keys: keyNames, args: argNames } = shape;
  return {
    name,
    lua,
    shape,
    run(redis, keys, args, rest = []) {
      // ioredis sends EVAL once per socket and EVALSHA afterwards: no NOSCRIPT round trip that could change the order.
      if (!(command in redis)) redis.defineCommand(command, { lua, numberOfKeys: keyNames.length });
      const values: Value[] = [];
      for (const key of keyNames) values.push(keys[key]);
      for (const arg of argNames) values.push(args[arg]);
      for (const value of rest) values.push(value);
      const commands = redis as unknown as Record<string, (values: readonly Value[]) => Promise<unknown>>;
      return commands[command]!(values);
    },
  };
}
