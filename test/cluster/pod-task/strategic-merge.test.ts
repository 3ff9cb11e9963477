import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fc from "fast-check";
import { isObject } from "#core/pod/object-fields.ts";
import { strategicMerge } from "#core/pod/strategic-merge.ts";
import { arbitraryPatch, arbitraryPod, KEYED_LISTS } from "../../support/arbitrary-pod.ts";

const CASES = 500;
const AT_ONCE = 4;

/** What kubectl makes of it. Needs no cluster. */
function kubectlPatch(base: object, patch: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const args = ["patch", "--local", "-f", "-", "--type=strategic", "-o", "json", "-p", JSON.stringify(patch)];
    const child = execFile("kubectl", args, { timeout: 20_000 }, (error, out) =>
      error ? reject(error) : resolve(JSON.parse(out)),
    );
    child.stdin!.end(JSON.stringify(base));
  });
}

/** Without what Go does not print (zero values), and with an order of its own: kubectl puts the patch's items first, we keep the base's. */
function normal(value: unknown, field = ""): unknown {
  if (Array.isArray(value)) {
    // kubectl leaves directives standing in what is new, where they mean nothing.
    const items = value.filter(item => !isObject(item) || item.$patch === undefined).map(item => normal(item) ?? {});
    const key = KEYED_LISTS[field];
    const keyOf = (item: unknown) => (key !== undefined && isObject(item) ? String(item[key]) : "");
    if (items.length === 0) return undefined;
    return key === undefined ? items : items.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
  }
  if (!isObject(value)) return value === null || value === false || value === "" ? undefined : value;
  const entries = Object.entries(value).map(([name, item]) => [name, normal(item, name)] as const);
  const said = entries.filter(([, item]) => item !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

describe("strategicMerge and kubectl", () => {
  it(`agree on ${CASES} random pods and patches`, async function () {
    this.timeout(300_000);
    // The same cases in every run; a disagreement names its number.
    const cases = fc.sample(fc.tuple(arbitraryPod, arbitraryPatch), { numRuns: CASES, seed: 42 });
    let next = 0;
    const compare = async () => {
      for (let at = next++; at < cases.length; at = next++) {
        const [part, patch] = cases[at]!;
        const base = { apiVersion: "v1", kind: "Pod", ...part };
        const ours = strategicMerge(base, patch, { alternatives: false });
        const what = `case ${at}: ${JSON.stringify({ base, patch })}`;
        assert.deepEqual(normal(ours), normal(await kubectlPatch(base, patch)), what);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, compare));
  });
});
