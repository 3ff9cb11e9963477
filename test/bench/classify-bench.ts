import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { classify } from "#kube/classify.ts";
import type { Pod } from "#kube/pod.ts";
import { round } from "./percentiles.ts";

const DIR = join(import.meta.dirname, "../fixtures/pods/captured");
const WARM_UP = 20_000;
const ROUNDS = 20_000;

/** What a real cluster said about pods, each of them again and again: verdicts in a second. */
export async function classifyBench() {
  const captured = globSync("*.json", { cwd: DIR }).map(
    file => JSON.parse(readFileSync(join(DIR, file), "utf8")) as { pod?: Pod },
  );
  const pods = captured.flatMap(({ pod }) => pod ?? []);
  for (let i = 0; i < WARM_UP; i++) classify(pods[i % pods.length]!);
  const began = performance.now();
  for (let i = 0; i < ROUNDS; i++) for (const pod of pods) classify(pod);
  return { pods: pods.length, perSecond: round((ROUNDS * pods.length * 1_000) / (performance.now() - began), 0) };
}
