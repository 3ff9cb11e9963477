import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import type { HttpFaults } from "#localcluster/http-faults.ts";
import { shell } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";

const CREATE = { verb: "create", resource: "pods" } as const;

describe("an API server in trouble while a pod is created", () => {
  const shared = sharedFleet(fleet =>
    Promise.all([fleet.scheduler(), fleet.worker({ WINDLASS_KUBE_TIMEOUT_MS: "1000", WINDLASS_WORKER_ID: "w-one" })]),
  );

  const faults: readonly (readonly [what: string, creates: number, cause: (faults: HttpFaults) => void])[] = [
    ["429 with Retry-After", 2, http => http.answer(CREATE, { code: 429, retryAfterSeconds: 1 })],
    ["a 500 of a bad moment", 2, http => http.answer(CREATE, { code: 500 })],
    ["a 503 in plain text", 2, http => http.answer(CREATE, { code: 503, text: "no healthy upstream" })],
    ["a reset before the pod is there", 2, http => http.reset(CREATE, "before")],
    ["a reset after the pod is there", 1, http => http.reset(CREATE, "after")],
    ["a reset in the middle of the answer", 1, http => http.reset(CREATE, "midway")],
    ["silence", 2, http => http.silence(CREATE)],
  ];
  for (const [what, creates, cause] of faults) {
    it(`${what}: one pod, one try`, async () => {
      const { fleet, cluster } = shared;
      const before = fleet.podsSeen().size;
      cluster.stats.requests.clear();
      cause(cluster.faults.http);
      const run = await fleet.start({ id: "fault", tasks: [shell("task", "true")] });
      const { state, try: tryNumber, infra, epoch } = (await fleet.ended(run)).tasks.get("task")!;
      assert.deepEqual([state, tryNumber, infra, epoch], ["success", 1, 0, 1]);
      assert.equal(cluster.stats.requests.count(CREATE), creates, "creates that were sent");
      assert.equal(fleet.podsSeen().size - before, 1);
      for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
    });
  }

  it("a 500 that nobody understands: the try waits without using anything up, and goes on when a person promotes its job", async () => {
    const { fleet, cluster } = shared;
    cluster.faults.http.answer(CREATE, { code: 500, message: "something else" });
    const run = await fleet.start({ id: "postponed", tasks: [shell("task", "true")] });
    await fleet.taskIn(run, "task", "restarting");
    const job = await fleet.jobIn(jobId(run, "task", 1), "delayed");
    await job.promote();
    const { state, try: tryNumber, infra } = (await fleet.ended(run)).tasks.get("task")!;
    assert.deepEqual([state, tryNumber, infra], ["success", 1, 0]);
    assert.equal((await fleet.state.runs.listTries(run)).length, 1);
  });
});
