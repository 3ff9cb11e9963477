import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAILURE_CASES } from "../../contract/failures/failure-cases.ts";
import { failuresContract } from "../../contract/failures/failures-contract.ts";
import { journeyContract } from "../../contract/journey/journey-contract.ts";
import { sampleContract } from "../../contract/journey/sample-contract.ts";
import { logsContract } from "../../contract/logs/logs-contract.ts";
import { afterEndContract } from "../../contract/pod-task/after-end-contract.ts";
import { fieldsContract } from "../../contract/pod-task/fields-contract.ts";
import { pluginsContract } from "../../contract/pod-task/plugins-contract.ts";
import { resultsContract } from "../../contract/pod-task/results-contract.ts";
import { secrecyContract } from "../../contract/pod-task/secrecy-contract.ts";
import { openRestrictedCluster } from "../../support/restricted-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

const WHERE = "a namespace that enforces 'restricted', with the worker's own rights";

sampleContract(WHERE, openRestrictedCluster);
journeyContract(WHERE, openRestrictedCluster);
fieldsContract(WHERE, openRestrictedCluster);
secrecyContract(WHERE, openRestrictedCluster);
resultsContract(WHERE, openRestrictedCluster);
afterEndContract(WHERE, openRestrictedCluster);
pluginsContract(WHERE, openRestrictedCluster);
logsContract(WHERE, openRestrictedCluster, { rotationMs: 15_000 });

const common = FAILURE_CASES.filter(({ isElsewhere }) => isElsewhere === undefined);
failuresContract(WHERE, openRestrictedCluster, () => [], common);

describe("the worker's token", () => {
  it("has no right in other namespaces: a try there waits, says why, uses nothing up, and can be cancelled", () =>
    withFleet(openRestrictedCluster, async fleet => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const pod = { image: "busybox:1.36", namespace: "windlass-t-elsewhere" };
      const run = await fleet.start({ id: "elsewhere", tasks: [{ id: "task", operator: "pod", pod }] });
      const noted = async () => {
        const note = (await fleet.state.runs.notes(run)).get("task");
        return note?.code === "NotAllowed" ? String(note.message) : undefined;
      };
      assert.match(
        await until(noted, { deadlineMs: 30_000, what: "the note" }),
        /:windlass-worker" cannot create resource "pods" in API group "" in the namespace "windlass-t-elsewhere"/,
      );
      assert.deepEqual(await fleet.state.runs.listTries(run), []);
      await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
      assert.equal((await fleet.ended(run)).state, "cancelled");
    }));

  /** Verb, resource, and whether k8s/base allows it. */
  const RIGHTS: readonly (readonly [verb: string, resource: string, allowed: boolean])[] = [
    ["create", "pods", true],
    ["get", "pods", true],
    ["list", "pods", true],
    ["watch", "pods", true],
    ["delete", "pods", true],
    ["get", "pods/log", true],
    ["list", "events", true],
    ["get", "secrets", false],
    ["list", "secrets", false],
    ["watch", "secrets", false],
    ["create", "secrets", false],
    ["get", "configmaps", false],
    ["create", "pods/exec", false],
    ["create", "pods/attach", false],
    ["patch", "pods", false],
    ["deletecollection", "pods", false],
    ["create", "serviceaccounts/token", false],
    ["list", "nodes", false],
    ["list", "namespaces", false],
  ];

  it("is refused a Secret with 403, and may do what it needs and nothing else", async () => {
    const cluster = await openRestrictedCluster();
    await using _cluster = { [Symbol.asyncDispose]: () => cluster.close() };
    const dir = mkdtempSync(join(tmpdir(), "windlass-rights-"));
    try {
      const file = join(dir, "kubeconfig");
      writeFileSync(file, cluster.kubeconfig, { mode: 0o600 });
      const worker = (...args: string[]) => cluster.kubectl("--kubeconfig", file, ...args);
      await cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "task" }, data: {} });
      const refused = (what: RegExp) => (error: Error) => {
        assert.match(error.message, what);
        return true;
      };
      const forbidden =
        /Error from server \(Forbidden\): secrets.* is forbidden: User "system:serviceaccount:\S+:windlass-worker" cannot/;
      await assert.rejects(worker("get", "secret", "task"), refused(forbidden));
      await assert.rejects(worker("get", "--raw", `/api/v1/namespaces/${cluster.namespace}/secrets/task`), refused(/Forbidden/));
      const asked = RIGHTS.map(async ([verb, resource]) => {
        const [name, subresource] = resource.split("/");
        const sub = subresource === undefined ? [] : [`--subresource=${subresource}`];
        // The answer "no" is an exit code of 1.
        const answer = await worker("auth", "can-i", verb!, name!, ...sub).then(
          () => true,
          () => false,
        );
        return [verb, resource, answer] as const;
      });
      assert.deepEqual(await Promise.all(asked), RIGHTS);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
