import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import type { DagFileError, PublishedDag } from "../../../services/scheduler/dag-source/dag-source.ts";
import { SharedPublisher } from "../../../services/scheduler/dag-source/shared-publisher.ts";

const dag = (id: string, version = "v1"): PublishedDag => ({
  spec: DagSpec.parse({ id, tasks: [{ id: "a", operator: "empty" }] }),
  version,
  file: `${id}.ts`,
});

describe("SharedPublisher", () => {
  function scene() {
    const live = new Map<string, string>();
    let errors: readonly DagFileError[] = [];
    const shared = new SharedPublisher(
      {
        dagChanged: ({ spec, file, version }) => void live.set(spec.id, `${file} ${version}`),
        dagRemoved: id => void live.delete(id),
        errorsChanged: all => {
          errors = all;
        },
      },
      () => 1_000,
    );
    const folder = shared.for("folder", file => file);
    const team = shared.for("team", file => `team/${file}`);
    return { shared, folder, team, live, errors: () => errors.map(({ file, message }) => `${file}: ${message}`) };
  }

  it("publishes what each source has, under the source's names", async () => {
    const { folder, team, live } = scene();
    await folder.dagChanged(dag("a"));
    await team.dagChanged(dag("b"));
    assert.deepEqual(
      [...live],
      [
        ["a", "a.ts v1"],
        ["b", "team/b.ts v1"],
      ],
    );
  });

  it("leaves a DAG to who came first, and says so, until that one lets go", async () => {
    const { folder, team, live, errors } = scene();
    await team.dagChanged(dag("a", "v1"));
    await folder.dagChanged(dag("a", "v2"));
    assert.equal(live.get("a"), "team/a.ts v1");
    assert.deepEqual(errors(), ["a.ts: DAG 'a' is already defined in team/a.ts"]);
    await team.dagChanged(dag("a", "v3"));
    assert.equal(live.get("a"), "team/a.ts v3");
    await team.dagRemoved("a", "a.ts");
    assert.equal(live.get("a"), "a.ts v2");
    assert.deepEqual(errors(), []);
    await folder.dagRemoved("a", "a.ts");
    assert.equal(live.size, 0);
  });

  it("who came second and goes takes nothing along", async () => {
    const { folder, team, live, errors } = scene();
    await team.dagChanged(dag("a", "v1"));
    await folder.dagChanged(dag("a", "v2"));
    await folder.dagRemoved("a", "a.ts");
    assert.equal(live.get("a"), "team/a.ts v1");
    assert.deepEqual(errors(), []);
  });

  it("has the mistakes of all sources, and drops those of one that is closed with its DAGs", async () => {
    const { shared, folder, team, live, errors } = scene();
    const mistake = { file: "x.ts", importedBy: "y.ts", code: "WL_DAG_IMPORT" as const, message: "no", at: 1 };
    await folder.errorsChanged([mistake]);
    await team.errorsChanged([mistake]);
    await team.dagChanged(dag("b"));
    assert.deepEqual(errors(), ["x.ts: no", "team/x.ts: no"]);
    await shared.drop("team");
    assert.deepEqual([errors(), [...live]], [["x.ts: no"], []]);
  });
});
