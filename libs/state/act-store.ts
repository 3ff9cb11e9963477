import type { Redis } from "ioredis";
import type { PendingAct } from "#core/act.ts";
import type { RunArchive } from "./archive/run-archive.ts";
import type { Keys } from "./keys.ts";
import type { HistoryEntry } from "./run-store.ts";
import { SCRIPTS } from "./scripts.ts";

/** What a person wrote about a run or a task. */
export interface Remark {
  text: string;
  at: number;
  by: string;
}

/** The record as people move it: they ask, the leader acts. Archived runs are laid out again first. */
export interface ActStore {
  /** Asks the leader to do the act. Repeating it under its id changes nothing. */
  request(runId: string, act: PendingAct): Promise<"requested" | "unknown">;
  /** Replaces what is written about the run, or about one of its tasks. An empty text removes it. */
  remark(runId: string, taskId: string | undefined, remark: Remark): Promise<"noted" | "unknown">;
  /** Adds a line to the run's history. false: there is no such run. */
  record(runId: string, entry: HistoryEntry): Promise<boolean>;
}

/** Restoring and the leader's archiving may cross each other; twice in a row would be chance. */
const ATTEMPTS = 5;

export function openActStore(redis: Redis, keys: Keys, archive: RunArchive): ActStore {
  async function onLaidOut<R extends string>(runId: string, at: number, ask: () => Promise<R>): Promise<Exclude<R, "archived">> {
    for (let attempt = 1; ; attempt++) {
      const answer = await ask();
      if (answer !== "archived") return answer as Exclude<R, "archived">;
      if (attempt === ATTEMPTS) throw new Error(`run ${runId} is archived again and again`);
      await archive.restore(runId, at);
    }
  }

  return {
    request(runId, act) {
      const { id: actId, at, by } = act;
      const entry: HistoryEntry = { at, type: "run.acted", by, actId, act: act.act };
      return onLaidOut(runId, at, async () => {
        const reply = await SCRIPTS.requestAct.run(
          redis,
          { run: keys.run(runId), acts: keys.acts(runId), live: keys.live, inbox: keys.inbox, history: keys.history(runId) },
          { runId, actId, act: JSON.stringify(act), at, entry: JSON.stringify(entry) },
        );
        return reply as "requested" | "archived" | "unknown";
      });
    },

    remark(runId, taskId, remark) {
      const { text, at, by } = remark;
      const entry: HistoryEntry = { at, type: "run.noted", by, ...(taskId === undefined ? {} : { taskId }), text };
      return onLaidOut(runId, at, async () => {
        const reply = await SCRIPTS.noteRun.run(
          redis,
          { run: keys.run(runId), remarks: keys.remarks(runId), history: keys.history(runId), events: keys.events },
          { runId, taskId: taskId ?? "", note: text === "" ? "" : JSON.stringify(remark), entry: JSON.stringify(entry) },
        );
        return reply as "noted" | "archived" | "unknown";
      });
    },

    async record(runId, entry) {
      const place = { run: keys.run(runId), history: keys.history(runId) };
      return (await SCRIPTS.appendHistory.run(redis, place, { entry: JSON.stringify(entry) })) === 1;
    },
  };
}
