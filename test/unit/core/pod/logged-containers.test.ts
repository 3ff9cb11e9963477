import assert from "node:assert/strict";
import { loggedContainers } from "#core/pod/logged-containers.ts";
import { TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";

const image = "busybox:1.36";
const side = (name: string) => ({ name, image });

describe("loggedContainers", () => {
  const ROWS: readonly (readonly [title: string, task: object, names: string[]])[] = [
    ["only the task's", { pod: { image } }, ["main"]],
    [
      "every kind, in the order of their starts",
      { pod: { image, extraContainers: [side("beside")], sidecars: [side("proxy")], initContainers: [side("fetch")] } },
      ["fetch", "proxy", "main", "beside"],
    ],
    ["those that the task names", { pod: { image, sidecars: [side("proxy")] }, logs: ["proxy"] }, ["proxy"]],
    ["none", { pod: { image }, logs: false }, []],
    [
      "those of the layers",
      {
        pod: {
          image,
          podTemplate: { spec: { initContainers: [side("template")], containers: [{ name: "main", stdin: true }] } },
          podOverride: { spec: { containers: [side("over")] } },
        },
      },
      ["template", "main", "over"],
    ],
    [
      "without what a layer removes",
      {
        pod: {
          image,
          sidecars: [side("proxy")],
          podOverride: { spec: { initContainers: [{ name: "proxy", $patch: "delete" }] } },
        },
      },
      ["main"],
    ],
    ["nothing of a task without a pod", { operator: "noop" }, []],
  ];
  for (const [title, task, names] of ROWS) {
    it(title, () => {
      const spec = TaskSpec.parse({ id: "t", operator: "pod", ...task } as TaskSpecInput);
      assert.deepEqual(loggedContainers(spec, undefined), names);
    });
  }

  it("those of the DAG's podDefaults", () => {
    const spec = TaskSpec.parse({ id: "t", operator: "pod", pod: { image } });
    assert.deepEqual(loggedContainers(spec, { spec: { initContainers: [side("all")] } }), ["all", "main"]);
  });
});
