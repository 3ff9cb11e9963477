import { Act } from "#core/act.ts";
import { jobId } from "#core/ids.ts";
import type { JsonValue } from "#core/result.ts";
import type { Ending, World } from "./world.ts";

const ENDINGS: Readonly<Record<string, Ending>> = {
  ok: "success",
  bad: "failed",
  again: "up_for_retry",
  infra: "restarting",
  wait: "deferred",
  skip: "skipped",
  killed: "cancelled",
};

/**
 * Makes one thing happen and returns what the leader decided: "go" admits the run, "cancel" and "timeout" stop it, "leader" puts another
 * leader into office, "admit a" opens the gate, `a:ok`, `a:ok=[1,2]` has a worker end a try of a, with a result, and `clear a b`,
 * `mark failed a`, `markRun success`, `retryNow a`, `stopRetrying a` are a person's acts.
 */
export function play(world: World, word: string): string {
  const [verb = "", ...rest] = word.split(" ");
  const fact = FACTS[verb];
  if (fact !== undefined) return fact(world, rest).join(" ");
  const act = ACTS[verb];
  if (act !== undefined) {
    world.act(Act.parse(act(rest)));
    return deliver(world);
  }
  const {
    taskId = "",
    what = "",
    ending = "",
    result,
  } = /^(?<taskId>[^:]*):(?<what>(?<ending>\w+)(?:=(?<result>.*))?)$/.exec(word)?.groups ?? {};
  const id = jobId(world.run.id, taskId, world.record(taskId).gen);
  if (what === "lost") {
    world.jobs.delete(id);
    return world.reconcile().join(" ");
  }
  if (what === "retried") world.retry(id);
  if (world.jobs.get(id)?.claim === undefined) world.begin(id);
  if (ending in ENDINGS) world.finish(id, ENDINGS[ending]!, result === undefined ? undefined : (JSON.parse(result) as JsonValue));
  return deliver(world);
}

const deliver = (world: World): string => world.apply(...world.inbox.splice(0)).join(" ");

const FACTS: Readonly<Record<string, (world: World, rest: readonly string[]) => string[]>> = {
  go: world => world.apply({ type: "run.admitted", at: world.now() }),
  cancel: world => world.apply({ type: "run.cancelRequested", at: world.now() }),
  timeout: world => world.apply({ type: "run.timedOut", at: world.now() }),
  leader: world => world.restartLeader(),
  admit: (world, [taskId = ""]) => world.apply({ type: "task.admitted", at: world.now(), taskId }),
};

const ACTS: Readonly<Record<string, (rest: string[]) => object>> = {
  clear: tasks => ({ type: "clear", tasks }),
  mark: ([state, ...tasks]) => ({ type: "mark", state, tasks }),
  markRun: ([state]) => ({ type: "markRun", state }),
  retryNow: tasks => ({ type: "retryNow", tasks }),
  stopRetrying: tasks => ({ type: "stopRetrying", tasks }),
};
