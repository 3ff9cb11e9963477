import { parseArgs } from "node:util";
import { simulate } from "./simulation.ts";

/** `npm run simulate -- --seeds 10000 [--seed 7]`: prints the failing seed and a minimal history, and exits with 1. */
const { values } = parseArgs({ options: { seeds: { type: "string", default: "10000" }, seed: { type: "string" } } });
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const { failed, runs, report } = simulate(Number(values.seeds), seed);
console.log(failed ? `failed after ${runs} histories\n${report}` : `${runs} histories lived through, seed ${seed}`);
process.exitCode = failed ? 1 : 0;
