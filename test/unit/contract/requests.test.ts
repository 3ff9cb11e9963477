import assert from "node:assert/strict";
import type { z } from "zod";
import { PatchDagBody } from "#contract/dag.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import { LogQuery } from "#contract/log.ts";
import { StartPodBody } from "#contract/pod-run.ts";
import { ListRunsQuery, StartRunBody } from "#contract/run.ts";
import { PodOptions } from "#sdk/task-options.ts";

describe("contract: requests", () => {
  const accepted: [string, z.ZodType, unknown, unknown][] = [
    ["an empty start", StartRunBody, {}, { conf: {} }],
    [
      "a start with id and parameters",
      StartRunBody,
      { runId: "a~b.c", conf: { a: null } },
      { runId: "a~b.c", conf: { a: null } },
    ],
    ["a list without filters", ListRunsQuery, {}, { limit: 50, order: "-createdAt" }],
    [
      "a list's limit and states as text",
      ListRunsQuery,
      { limit: "7", state: "failed,running", order: "createdAt" },
      { limit: 7, state: ["failed", "running"], order: "createdAt" },
    ],
    ["a log query", LogQuery, {}, { container: "main", follow: false, timestamps: true, download: false }],
    [
      "flags as people write them",
      LogQuery,
      { follow: "1", timestamps: "false" },
      { container: "main", follow: true, timestamps: false, download: false },
    ],
    ["a flag without a value", LogQuery, { follow: "" }, { container: "main", follow: true, timestamps: true, download: false }],
    [
      "durations as text and number",
      StartPodBody,
      { image: "a", retryDelay: "1m", timeout: 5 },
      { image: "a", retryDelay: 60_000, timeout: 5 },
    ],
  ];
  for (const [name, schema, input, output] of accepted) it(`takes ${name}`, () => assert.deepEqual(schema.parse(input), output));

  const refused: [string, z.ZodType, unknown, string][] = [
    ["an unknown field of a start", StartRunBody, { dag: "x" }, ""],
    ["an unknown field of a pause", PatchDagBody, { paused: true, x: 1 }, ""],
    ["an unknown field of a pod", StartPodBody, { image: "a", imagePullPolicies: "Always" }, ""],
    [
      "an unknown field of an environment value",
      StartPodBody,
      { image: "a", env: { A: { secret: "s", key: "k", value: "v" } } },
      "env.A",
    ],
    ["a limit that is too large", ListRunsQuery, { limit: "501" }, "limit"],
    ["a failure code that is none", StartPodBody, { image: "a", retryOn: { codes: ["OOMKiled"] } }, "retryOn.codes.0"],
    ["a rule that is neither exit code nor failure code", StartPodBody, { image: "a", failOn: [256] }, "failOn.0"],
    ["a timeout of nothing", StartPodBody, { image: "a", timeout: 0 }, "timeout"],
    ["a growth that shrinks", StartPodBody, { image: "a", memoryGrowth: 0.5 }, "memoryGrowth"],
    ["an unknown field of an override", StartRunBody, { override: { t: { imge: "a" } } }, "override.t"],
    ["an override of the namespace", StartRunBody, { override: { t: { namespace: "a" } } }, "override.t"],
    ["a flag that is neither", LogQuery, { follow: "perhaps" }, "follow"],
  ];
  for (const [name, schema, input, path] of refused) {
    it(`refuses ${name}`, () =>
      assert.deepEqual(
        schema.safeParse(input).error?.issues.map(issue => issue.path.join(".")),
        [path],
      ));
  }

  it("take for a single pod every option of a pod task, but for its place in a DAG", () => {
    const options = Object.keys(PodOptions.shape).filter(option => !Object.hasOwn(StartPodBody.shape, option));
    const ofDags = /^(triggerRule|dependsOnPast|waitForDownstream|maxActive|outlets|on[A-Z]\w+|email\w*)$/;
    assert.deepEqual(
      options.filter(option => !ofDags.test(option)),
      [],
    );
    assert.deepEqual(
      Object.keys(StartPodBody.shape).filter(field => !Object.hasOwn(PodOptions.shape, field)),
      [],
    );
  });

  it("writes instants in ISO 8601, absent ones not at all", () => {
    assert.equal(toInstant(1_800_000_000_001), "2027-01-15T08:00:00.001Z");
    assert.deepEqual(
      { ...instantField("endedAt", 0), ...instantField("startedAt", undefined) },
      { endedAt: "1970-01-01T00:00:00.000Z" },
    );
  });
});
