import type { LogLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore, LogWriter } from "#logstore/log-store.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Plugin } from "#sdk/plugin.ts";
import type { HookEvent, Hooks } from "./hooks.ts";

/** What a plugin may have before it; further lines are left out for it, so that a slow plugin holds up nothing and fills nothing. */
const MOST_WAITING = 1_000;

/** Lines on their way to one plugin, one at a time. */
class LineQueue {
  readonly #deliver: (event: HookEvent<"onLogLine">) => Promise<void>;
  readonly #onLeftOut: (lines: number) => void;
  readonly #waiting: HookEvent<"onLogLine">[] = [];
  #running = false;
  #leftOut = 0;

  constructor(deliver: (event: HookEvent<"onLogLine">) => Promise<void>, onLeftOut: (lines: number) => void) {
    this.#deliver = deliver;
    this.#onLeftOut = onLeftOut;
  }

  push(event: HookEvent<"onLogLine">): void {
    if (this.#waiting.length >= MOST_WAITING) this.#leftOut++;
    else this.#waiting.push(event);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Not in the call that brought the line: the log comes first.
    await Promise.resolve();
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) await this.#deliver(event);
    this.#running = false;
    if (this.#leftOut > 0) this.#onLeftOut(this.#leftOut);
    this.#leftOut = 0;
  }
}

/** Which DAG a run belongs to is the front of its id. */
const dagOf = (runId: string): string => runId.split("~", 1)[0]!;

/** The store, with every line of a container told to the plugins that listen; the store itself when none does. */
export function tapLines(store: LogStore, hooks: Hooks, log: Logger): LogStore {
  const listeners = hooks.having("onLogLine");
  if (listeners.length === 0) return store;
  const queueOf = (plugin: Plugin) =>
    new LineQueue(
      event => hooks.callOne(plugin, "onLogLine", event),
      lines => log.warn({ event: "plugin.linesLeftOut", plugin: plugin.name, lines }),
    );
  const queues = listeners.map(queueOf);
  const tell = ({ runId, taskId, try: tryNumber, infra = 0, container = "main" }: LogRef, { ts, text }: LogLine): void => {
    if (ts === undefined) return;
    const event = { dagId: dagOf(runId), runId, taskId, try: tryNumber, infra, container, ts, text };
    for (const queue of queues) queue.push(event);
  };
  return tapped(store, tell);
}

function tapped(store: LogStore, tell: (ref: LogRef, line: LogLine) => void): LogStore {
  const openWriter = async (ref: LogRef): Promise<LogWriter> => {
    const writer = await store.openWriter(ref);
    const write = (line: LogLine): boolean => {
      tell(ref, line);
      return writer.write(line);
    };
    return onTopOf(writer, { write });
  };
  return onTopOf(store, { openWriter });
}

/** The object with some of its methods replaced; the others stay bound to it. */
function onTopOf<T extends object>(below: T, above: Partial<T>): T {
  return new Proxy(below, {
    get(target, name) {
      if (Object.hasOwn(above, name)) return above[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
