import { parentPort, workerData } from "node:worker_threads";
import elk from "elkjs/lib/elk.bundled.js";
import { fromElk, type Shape, toElk } from "./elk-graph.ts";

// The program of a thread: one drawing, then it ends.
const shape = workerData as Shape;
// What the package says of its types is an ES module; what it is, is CommonJS.
const Elk = elk as unknown as typeof elk.default;
parentPort!.postMessage(fromElk(await new Elk().layout(toElk(shape)), shape));
