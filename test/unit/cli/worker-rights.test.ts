import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { groupsOf } from "../../../services/cli/doctor/ask-rights.ts";
import { judge } from "../../../services/cli/doctor/check-rights.ts";
import { FORBIDDEN_RIGHTS, NEEDED_RIGHTS, type Right, SUPERFLUOUS_RIGHTS } from "../../../services/cli/doctor/worker-rights.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const key = ({ group, resource, verb }: Right): string => `${verb} ${group}/${resource}`;

describe("the doctor's table of rights", () => {
  it("is what k8s/base/worker-rights.yaml gives", () => {
    const file = join(import.meta.dirname, "../../../k8s/base/worker-rights.yaml");
    const documents = parseAllDocuments(readFileSync(file, "utf8")).map(
      document => document.toJS() as { kind: string; rules?: Rule[] },
    );
    const { rules = [] } = documents.find(({ kind }) => kind === "Role")!;
    const given = rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap(group => resources.flatMap(resource => verbs.map(verb => key({ group, resource, verb })))),
    );
    assert.deepEqual(given.sort(), NEEDED_RIGHTS.map(key).sort());
  });

  it("calls nothing both needed and too much", () => {
    const needed = new Set(NEEDED_RIGHTS.map(key));
    assert.deepEqual(
      [...FORBIDDEN_RIGHTS, ...SUPERFLUOUS_RIGHTS].map(key).filter(right => needed.has(right)),
      [],
    );
  });
});

describe("judge", () => {
  const WORKER = { user: "system:serviceaccount:jobs:windlass-worker", isWorker: true, namespace: "jobs" };
  const needed = new Set(NEEDED_RIGHTS.map(key));
  const states = (isWorker: boolean, isHeld: (right: string) => boolean) =>
    judge({ ...WORKER, isWorker, isHeld: right => isHeld(key(right)) }).map(({ state }) => state);

  it("finds nothing wrong with exactly the role", () => {
    assert.deepEqual(
      states(true, right => needed.has(right)),
      ["ok", "ok", "ok"],
    );
  });

  for (const right of needed) {
    it(`names '${right}' when it is missing`, () => {
      const findings = judge({ ...WORKER, isHeld: held => needed.has(key(held)) && key(held) !== right });
      const wrong = findings.filter(({ state }) => state === "wrong");
      assert.equal(wrong.length, 1);
      const [verb, resource] = right.split(" /");
      assert.ok(wrong[0]?.sentence.includes(`may not ${verb} ${resource} in jobs`));
      assert.ok(wrong[0]?.fix);
    });
  }

  it("does not let a worker read secrets, or more", () => {
    assert.deepEqual(
      states(true, right => needed.has(right) || right === "list /secrets"),
      ["ok", "wrong", "ok"],
    );
    assert.deepEqual(
      states(true, right => needed.has(right) || right === "create /pods/exec"),
      ["ok", "ok", "wrong"],
    );
  });

  it("only notes what a person may do beside it", () =>
    assert.deepEqual(
      states(false, () => true),
      ["ok", "note", "note"],
    ));
});

describe("groupsOf", () => {
  it("knows the groups of a service account", () => {
    assert.deepEqual(groupsOf("system:serviceaccount:jobs:w"), [
      "system:serviceaccounts",
      "system:serviceaccounts:jobs",
      "system:authenticated",
    ]);
    assert.deepEqual(groupsOf("ann"), ["system:authenticated"]);
  });
});
