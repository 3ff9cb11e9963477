import assert from "node:assert/strict";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const COUNT = 300;
const MAX_CONNECTIONS = 16;

describe(`one worker with ${COUNT} running pods, seen from the cluster`, () => {
  const shared = sharedFleet(fleet => fleet.scheduler());

  it("takes few connections, one list, no reads and two writes a pod, and loses no line of a log", async () => {
    const { fleet, cluster } = shared;
    const gate = openGate();
    const { requests, connections } = cluster.stats;
    const others = connections.open;
    requests.clear();
    await fleet.worker({ WINDLASS_WORKER_ID: "w-one" });
    const ids = Array.from({ length: COUNT }, (_, i) => `t${i}`);
    const tasks = ids.map(id => shell(id, `echo begin ${id}; ${gate.wait}; echo end ${id}`));
    const run = await fleet.start({ id: "many", tasks });
    const printed = async (text: (id: string) => string): Promise<boolean> => {
      for (const taskId of ids) {
        const log = await fleet.logText({ runId: run, taskId, try: 1 });
        if (log !== text(taskId)) return false;
      }
      return true;
    };
    await until(() => printed(id => `begin ${id}\n`), { deadlineMs: 40_000, what: "the first line of every pod" });
    gate.open();
    assert.equal((await fleet.ended(run, 40_000)).state, "success");

    const pods = { resource: "pods", userAgent: /^windlass-worker\/w-one/ };
    await until(() => requests.count({ ...pods, verb: "delete" }) === COUNT, {
      deadlineMs: 30_000,
      what: "every pod's deletion",
    });
    assert.ok(await printed(id => `begin ${id}\nend ${id}\n`), "every log is whole");
    const kept = await Promise.all(ids.map(id => fleet.logs.list(run, id)));
    assert.ok(
      kept.every(logs => logs.length === 1 && logs[0]!.ended),
      "every log is closed",
    );
    const writes = requests.all.filter(({ method, userAgent }) => method !== "GET" && pods.userAgent.test(userAgent));
    assert.equal(writes.length, 2 * COUNT);
    assert.equal(requests.count({ ...pods, verb: "create" }), COUNT);
    assert.equal(requests.count({ ...pods, verb: "list" }), 1);
    assert.equal(requests.all.filter(({ verb, subresource }) => verb === "get" && subresource === undefined).length, 0);
    assert.ok(connections.max - others <= MAX_CONNECTIONS, `${connections.max - others} connections`);
  }).timeout(120_000);
});
