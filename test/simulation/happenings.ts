import assert from "node:assert/strict";
import type { Act } from "#core/act.ts";
import { specOf } from "#core/graph.ts";
import { failed, type Outcome, skipped, succeeded } from "#core/outcome.ts";
import { INFRA_RETRIES, verdictOn } from "#core/retry.ts";
import { isRunFinal } from "#core/run.ts";
import type { World } from "../support/core/world.ts";
import type { LeaderGate } from "./leader-gate.ts";

/** What a try's pod may come to. */
const OUTCOMES: readonly Outcome[] = [
  succeeded(),
  succeeded(),
  failed("ExitCode", "user", "exit 1", 1),
  failed("NodeLost", "infra", "the node is gone"),
  failed("ImageName", "config", "no such image"),
  skipped("exit 99", 99),
];

export interface Scene {
  world: World;
  gate: LeaderGate;
}

/** One thing that may happen; `pick` chooses among what it can happen to. */
export const HAPPENINGS: Readonly<Record<string, (scene: Scene, pick: number) => void>> = {
  "a message arrives": ({ world }, pick) => deliver(world, pick, 1),
  "two messages arrive together": ({ world }, pick) => deliver(world, pick, 2),
  "an old message arrives again": ({ world }, pick) => {
    const event = oneOf(world.sent, pick);
    if (event !== undefined && (event.type !== "run.acted" || world.acts.has(event.id))) world.apply(event);
  },
  "a message is lost": ({ world }, pick) => void world.inbox.splice(pick % Math.max(1, world.inbox.length), 1),
  "a worker takes a job": ({ world }, pick) => world.begin(oneOf([...world.jobs.keys()], pick) ?? ""),
  "a worker ends a try": ({ world }, pick) =>
    endTry(world, oneOf(heldJobs(world), pick), OUTCOMES[pick % OUTCOMES.length]!, pick),
  "a worker defers a try": ({ world, gate }, pick) => {
    const id = oneOf(heldJobs(world), pick);
    if (id === undefined) return;
    gate.pass(world.jobs.get(id)!.taskId);
    world.finish(id, "deferred");
  },
  "a worker obeys a stop": ({ world }, pick) => {
    const stopped = heldJobs(world).filter(id => isStopped(world, id));
    world.finish(oneOf(stopped, pick) ?? "", "cancelled");
  },
  "a worker loses its lock": ({ world }, pick) => world.begin(oneOf(heldJobs(world), pick) ?? ""),
  "a job is removed by hand": ({ world }, pick) => void world.jobs.delete(oneOf([...world.jobs.keys()], pick) ?? ""),
  "a person presses Retry": ({ world, gate }, pick) => {
    const [id, job] = oneOf([...world.failedJobs], pick) ?? [];
    if (id === undefined || job === undefined) return;
    gate.pass(job.taskId);
    world.retry(id);
  },
  "a person acts": ({ world }, pick) => {
    const act = ACTS[pick % ACTS.length]!(oneOf([...world.records.keys()], pick >> 3), pick);
    if (act !== undefined) world.act(act);
  },
  "a person cancels": ({ world }, pick) => {
    if (pick % 3 === 0) world.requestCancel();
  },
  "the run's time is up": ({ world }, pick) => {
    if (pick % 11 === 0 && world.run.state === "running") world.apply({ type: "run.timedOut", at: world.now() });
  },
  "the leader reconciles": ({ world }) => void world.reconcile(),
  "another leader takes over": ({ world, gate }) => takeOver(world, gate),
};

const ACTS: readonly ((taskId: string | undefined, pick: number) => Act | undefined)[] = [
  taskId => (taskId === undefined ? undefined : { type: "clear", tasks: [taskId] }),
  (taskId, pick) =>
    taskId === undefined
      ? undefined
      : { type: "mark", tasks: [taskId], state: oneOf(["success", "failed", "skipped"] as const, pick)! },
  taskId => (taskId === undefined ? undefined : { type: "stopRetrying", tasks: [taskId] }),
  taskId => (taskId === undefined ? undefined : { type: "retryNow", tasks: [taskId] }),
  (_, pick) => (pick % 7 === 0 ? { type: "markRun", state: oneOf(["success", "failed"] as const, pick)! } : undefined),
];

/** As the worker does it: the try's outcome, then the verdict by the task's own policy. */
function endTry(world: World, id: string | undefined, outcome: Outcome, pick: number): void {
  const job = id === undefined ? undefined : world.jobs.get(id);
  if (id === undefined || job?.claim === undefined) return;
  const { retry } = specOf(world.graph, job.taskId)!;
  const { infra, floor = 0 } = world.record(job.taskId);
  const verdict = verdictOn(outcome, job.claim.try - floor, infra, retry, job.taskId);
  if (outcome.blame === "infra" && infra < INFRA_RETRIES)
    assert.equal(verdict.state, "restarting", "infrastructure's failures use up no try");
  if (verdict.state === "up_for_retry")
    assert.ok(job.claim.try - floor <= retry.retries, `${job.taskId} is tried more often than its retries allow`);
  world.finish(id, verdict.state, verdict.state === "success" ? pick % 3 : undefined);
}

function takeOver(world: World, gate: LeaderGate): void {
  gate.takeOver(world);
  world.restartLeader();
}

/** What `begin` tells a worker: the job was stopped, or its run was. */
function isStopped(world: World, id: string): boolean {
  const job = world.jobs.get(id);
  if (job === undefined) return false;
  return job.stopped === true || (world.run.cancelAt !== undefined && !world.record(job.taskId).undoing);
}

const oneOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
const heldJobs = (world: World): string[] => [...world.jobs].filter(([, job]) => job.claim !== undefined).map(([id]) => id);

function deliver(world: World, pick: number, count: number): void {
  const events = Array.from({ length: count }, (_, i) =>
    world.inbox.splice((pick >> i) % Math.max(1, world.inbox.length), 1),
  ).flat();
  if (events.length > 0) world.apply(...events);
}

const ROUNDS = 200;
const ROUGH_ROUNDS = 30;

/**
 * From here on every message arrives and every worker works; tries still end in all ways for a while. Fails when the run does not end.
 * @param chance chooses how
 */
export function comeToRest({ world, gate }: Scene, chance: number): void {
  let pick = chance;
  for (let round = 0; round < ROUNDS; round++) {
    if (world.inbox.length > 0) world.apply(...world.inbox.splice(0));
    world.reconcile();
    gate.settle(world);
    const jobs = [...world.jobs];
    if (jobs.length === 0 && world.inbox.length === 0 && world.acts.size === 0 && isRunFinal(world.run.state)) return;
    for (const [id] of jobs) {
      world.begin(id);
      pick = (pick * 31 + 7) % 10_007;
      if (isStopped(world, id)) world.finish(id, "cancelled");
      else endTry(world, id, round < ROUGH_ROUNDS ? OUTCOMES[pick % OUTCOMES.length]! : succeeded(), pick);
    }
  }
  const states = [...world.records].map(([id, { state }]) => `${id} ${state}`).join(", ");
  assert.fail(`the run never ended: ${world.run.state}; ${states}; acts ${JSON.stringify([...world.acts.values()])}`);
}
