// The child: imports the one DAG file named in its arguments, answers with one line of JSON, and ends. It runs under Node's permission
// model with an empty environment, because a DAG file is a stranger's program.
import { writeSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { askTicks, type Horizon } from "#core/schedule/horizon.ts";
import { isDag } from "#sdk/dag.ts";
import { timetableOf } from "#sdk/timetable.ts";
import { explain, missingImport } from "./explain-import.ts";
import { type LoadReply, REPLY_FD, TickQuestions } from "./load-reply.ts";
import { replyText } from "./reply-text.ts";

const SDK = new URL("../../../libs/sdk/index.ts", import.meta.url).href;
const OWN = [new URL("../../../libs/", import.meta.url).href, new URL("./", import.meta.url).href];
const MODULE_FORMATS: Readonly<Record<string, string>> = {
  ts: "module-typescript",
  mts: "module-typescript",
  js: "module",
  mjs: "module",
};

const isOwn = (url: string): boolean => OWN.some(folder => url.startsWith(folder));
const isForeign = (url: string): boolean => url.startsWith("file:") && !isOwn(url) && !url.includes("/node_modules/");

/** Files that the DAG file brought in, itself included. */
const imported = new Set<string>();

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === "windlass") return { url: SDK, shortCircuit: true };
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (context.parentURL === undefined || !isForeign(context.parentURL)) throw error;
      throw missingImport(specifier, fileURLToPath(context.parentURL), error);
    }
  },
  load(url, context, nextLoad) {
    if (!isForeign(url)) return nextLoad(url, context);
    imported.add(fileURLToPath(url));
    say({ imports: fileURLToPath(url) });
    // Without a package.json near by, Node would guess the format, and take a file without import and export for CommonJS.
    const format = MODULE_FORMATS[url.split(".").at(-1) ?? ""];
    return nextLoad(url, format === undefined ? context : { ...context, format });
  },
});

// The permission model says nothing about signals, and the scheduler runs under the same user.
for (const signalling of ["kill", "_kill", "_debugProcess"]) Reflect.deleteProperty(process, signalling);

const [, , file = "", questions] = process.argv;
say(await load(file));
// Timers and sockets of the DAG file must not keep the process alive.
process.exit(0);

function say(reply: LoadReply): void {
  for (const part of replyText(reply)) writeSync(REPLY_FD, part);
}

async function load(path: string): Promise<LoadReply> {
  try {
    const exported: Record<string, unknown> = await import(pathToFileURL(path).href);
    const dags = dagsOf(exported);
    if (questions !== undefined) return { ticks: ticksOf(dags, TickQuestions.parse(JSON.parse(questions))) };
    // A timetable with a mistake is one of the file, and is found while its author looks.
    const now = Date.now();
    ticksOf(dags, Object.fromEntries(dags.map(({ id }) => [id, { afterAt: now, nowAt: now }])));
    return { dags };
  } catch (error) {
    return { error: explain(error, path, [...imported]) };
  }
}

/** The default export is a DAG or a list of them; named exports count when they are DAGs. Neither: the file is a helper. */
function dagsOf({ default: main = [], ...named }: Record<string, unknown>): DagSpec[] {
  const list: unknown[] = Array.isArray(main) ? main : [main];
  const stranger = list.find(item => !isDag(item));
  if (stranger !== undefined) {
    throw new WindlassError("WL_DAG_EXPORT", `the default export must be a DAG or a list of them, got ${kindOf(stranger)}`, {
      place: { file },
    });
  }
  return [...new Set([...list.filter(isDag), ...Object.values(named).filter(isDag)])];
}

function ticksOf(dags: readonly DagSpec[], asked: TickQuestions): Record<string, Horizon> {
  const answers: Record<string, Horizon> = {};
  for (const dag of dags) {
    const own = timetableOf(dag);
    const question = asked[dag.id];
    if (own === undefined || question === undefined) continue;
    const next = (afterAt: number) => {
      const at: unknown = own.rule.next(new Date(afterAt));
      if (at === undefined || at === null) return undefined;
      return at instanceof Date ? at.getTime() : Number.NaN;
    };
    answers[dag.id] = askTicks(next, question.afterAt, question.nowAt);
  }
  return answers;
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a promise; await it first";
  if (typeof value === "object" && value !== null) return "an object that dag() did not make";
  return value === null ? "null" : typeof value;
}
