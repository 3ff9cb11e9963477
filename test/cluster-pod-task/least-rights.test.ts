import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journeyContract } from "../contract/journey/journey-contract.ts";
import { sampleContract } from "../contract/journey/sample-contract.ts";
import { fieldsContract } from "../contract/pod-task/fields-contract.ts";
import { secrecyContract } from "../contract/pod-task/secrecy-contract.ts";
import { openRestrictedCluster } from "../support/restricted-cluster.ts";

const WHERE = "a namespace that enforces 'restricted', with the worker's own rights";

sampleContract(WHERE, openRestrictedCluster);
journeyContract(WHERE, openRestrictedCluster);
fieldsContract(WHERE, openRestrictedCluster);
secrecyContract(WHERE, openRestrictedCluster);

describe("the worker's token", () => {
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
