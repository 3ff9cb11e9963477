// What runs in the pod of a task that is a function of its DAG file: imports the file's bundle, calls the function, writes its result.
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { gunzipSync } from "node:zlib";
import { functionOf } from "#sdk/functions.ts";

const SDK = import.meta.resolve("../../libs/sdk/index.ts");

// The bundle lies nowhere: what it imports is looked for from here.
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "windlass"
      ? { url: SDK, shortCircuit: true }
      : nextResolve(specifier, context.parentURL?.startsWith("data:") ? { ...context, parentURL: import.meta.url } : context),
});

const {
  WINDLASS_FN_BUNDLE: bundle = "",
  WINDLASS_FN_INPUT: input = "{}",
  WINDLASS_FN_ID: taskId = "",
  WINDLASS_DAG_ID: dagId = "",
  WINDLASS_RESULT_PATH: resultPath = "",
} = process.env;

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort(new Error("the task was asked to end")));

await import(`data:text/javascript;base64,${gunzipSync(Buffer.from(bundle, "base64")).toString("base64")}`);
const work = functionOf(dagId, taskId);
if (work === undefined) throw new Error(`the bundle has no function for task '${taskId}' of DAG '${dagId}'`);

const result = await work({ ...JSON.parse(input), log: console.log, signal: stop.signal });
writeFileSync(resultPath, JSON.stringify(result) ?? "null");
// Timers and sockets that the function has left open must not keep the pod.
process.exit(0);
