// The child: imports the one DAG file named in its arguments, answers with one line of JSON, and ends. It runs under Node's permission
// model with an empty environment, because a DAG file is a stranger's program.
import { writeSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDag } from "#sdk/dag.ts";
import { explain, missingImport } from "./explain-import.ts";
import { type LoadReply, REPLY_FD } from "./load-reply.ts";

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

const file = process.argv[2] ?? "";
say(await load(file));
// Timers and sockets of the DAG file must not keep the process alive.
process.exit(0);

function say(reply: LoadReply): void {
  writeSync(REPLY_FD, `${JSON.stringify(reply)}\n`);
}

async function load(path: string): Promise<LoadReply> {
  try {
    const exported: Record<string, unknown> = await import(pathToFileURL(path).href);
    return dagsOf(exported);
  } catch (error) {
    return { error: explain(error, path, [...imported]) };
  }
}

/** The default export is a DAG or a list of them; named exports count when they are DAGs. Neither: the file is a helper. */
function dagsOf({ default: main = [], ...named }: Record<string, unknown>): LoadReply {
  const list: unknown[] = Array.isArray(main) ? main : [main];
  const stranger = list.find(item => !isDag(item));
  if (stranger !== undefined) {
    return {
      error: {
        code: "WL_DAG_EXPORT",
        message: `the default export must be a DAG or a list of them, got ${kindOf(stranger)}`,
        file,
      },
    };
  }
  return { dags: [...new Set([...list, ...Object.values(named).filter(isDag)])] };
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a promise; await it first";
  if (typeof value === "object" && value !== null) return "an object that dag() did not make";
  return value === null ? "null" : typeof value;
}
