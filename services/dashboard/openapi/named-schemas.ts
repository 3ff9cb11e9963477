import { z } from "zod";
import * as act from "#contract/act.ts";
import * as approval from "#contract/approval.ts";
import * as asset from "#contract/asset.ts";
import * as audit from "#contract/audit.ts";
import * as backfill from "#contract/backfill.ts";
import * as bundle from "#contract/bundle.ts";
import * as dag from "#contract/dag.ts";
import * as health from "#contract/health.ts";
import * as importError from "#contract/import-error.ts";
import * as list from "#contract/list.ts";
import * as log from "#contract/log.ts";
import * as login from "#contract/login.ts";
import * as nextRuns from "#contract/next-runs.ts";
import * as podRun from "#contract/pod-run.ts";
import * as pool from "#contract/pool.ts";
import * as problem from "#contract/problem.ts";
import * as queue from "#contract/queue.ts";
import * as render from "#contract/render.ts";
import * as run from "#contract/run.ts";
import * as runOverride from "#contract/run-override.ts";
import * as setting from "#contract/setting.ts";
import * as task from "#contract/task.ts";
import * as token from "#contract/token.ts";
import * as user from "#contract/user.ts";
import * as variable from "#contract/variable.ts";
import * as version from "#contract/version.ts";
import * as why from "#contract/why.ts";
import * as worker from "#contract/worker.ts";
import { AssetExpression } from "#core/asset.ts";
import { DagSpec } from "#core/dag-spec.ts";
import { TaskSpec } from "#core/task-spec.ts";

const CONTRACT: readonly object[] = [
  ...[act, approval, asset, audit, backfill, bundle, dag, health, importError, list, log, login, nextRuns, podRun, pool],
  ...[problem, queue, render, run, runOverride, setting, task, token, user, variable, version, why, worker],
];

/** What is said once and referred to: bodies and answers of the contract under the names they have there. */
const IS_NAMED = /(Body|Reply|Problem|ProblemError|PodFields|RunOverride|PageLinks)$/;

/** The schemas that the description refers to by name. */
export function namedSchemas(): z.core.$ZodRegistry<{ id: string }> {
  const named = z.registry<{ id: string }>();
  const found = CONTRACT.flatMap(room => Object.entries(room)).filter(
    (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType && IS_NAMED.test(entry[0]),
  );
  for (const [id, schema] of [
    ...found,
    ["DagSpec", DagSpec],
    ["TaskSpec", TaskSpec],
    ["AssetExpression", AssetExpression],
  ] as const)
    named.add(schema as z.ZodType, { id: id as string });
  return named;
}
