import assert from "node:assert/strict";
import type { BeginAnswer } from "#state/claim-store.ts";
import { openState } from "#state/state.ts";
import { until } from "../../support/until.ts";
import { openYard, order } from "./yard.ts";

describe("commit and add, one behind the other on one connection", () => {
  it("a job never arrives before the commit that made its task", async () => {
    const yard = await openYard();
    try {
      const { leader, runs } = openState(yard.test.redis, yard.test.prefix);
      const { claims } = openState(yard.test.open(), yard.test.prefix);
      await runs.createRun({ id: "etl~1", dagId: "etl", version: "v1", trigger: { kind: "bench" }, conf: {}, createdAt: 1 });
      const run = (await runs.getRun("etl~1"))!;
      const token = (await leader.acquireLease("a", 60_000))!;
      const answers: BeginAnswer[] = [];
      await yard.work({
        async handle({ data, try: tryNumber, epoch }) {
          const claim = { runId: data.run, taskId: data.task, gen: data.gen, try: tryNumber, epoch };
          answers.push((await claims.begin({ ...claim, worker: "w", at: 2 })).answer);
          return { type: "done" };
        },
      });
      const sent: Promise<unknown>[] = [];
      for (let rev = 0; rev < 100; rev++) {
        const job = order(`t${rev}`);
        const task = { state: "queued", gen: 1, try: 0, infra: 0, epoch: 0 } as const;
        sent.push(
          leader.commit({
            token,
            run: { ...run, rev: rev + 1, state: "running" },
            fromRev: rev,
            changes: [{ taskId: job.data.task, from: ["none"], task }],
            orders: [{ jobId: job.jobId, json: JSON.stringify(job) }],
            history: [],
            at: 2,
          }),
          yard.queue.add([job]),
        );
      }
      await Promise.all(sent);
      await until(() => answers.length >= 100, { what: "100 answers" });
      assert.deepEqual(
        answers.filter(answer => answer !== "ok"),
        [],
      );
    } finally {
      await yard.close();
    }
  });
});
