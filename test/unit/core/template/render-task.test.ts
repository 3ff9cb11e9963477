import assert from "node:assert/strict";
import { TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";
import { itemOf, itemSource } from "#core/template/map-item.ts";
import { renderTask } from "#core/template/render-task.ts";
import { renderedTexts } from "#core/template/rendered-texts.ts";
import { needsRendering, workerPaths } from "#core/template/task-texts.ts";

const scope = {
  run: { ds: "2026-01-31" },
  params: { n: 3, yes: true, text: "a b", none: null, list: [1, "x"], port: "http", memory: "64Mi", long: "l".repeat(5_000) },
};
const taskOf = (input: Partial<TaskSpecInput>): TaskSpec => TaskSpec.parse({ id: "t", ...input });
const podTask = (pod: object): TaskSpec => taskOf({ operator: "pod", pod: { image: "img", ...pod } } as Partial<TaskSpecInput>);
const render = (task: TaskSpec, podDefaults?: object) => renderTask({ task, podDefaults: podDefaults as never }, scope);

describe("renderTask", () => {
  const pods: readonly (readonly [what: string, pod: object, rendered: object])[] = [
    ["args", { args: ["{{ params.n }}", "{{ params.list }}"] }, { args: ["3", '[1,"x"]'] }],
    [
      "env, a number as text",
      { env: { N: "{{ params.n }}", S: { secret: "db", key: "k" } } },
      { env: { N: "3", S: { secret: "db", key: "k" } } },
    ],
    ["the image", { image: "etl:{{ params.n }}" }, { image: "etl:3" }],
    ["labels, made valid", { labels: { a: "{{ params.n }}" } }, { labels: { a: "3" } }],
    [
      "quantities",
      { resources: { limits: { memory: "{{ params.memory }}", cpu: "{{ params.n }}" } } },
      { resources: { limits: { memory: "64Mi", cpu: "3" } } },
    ],
    [
      "numbers and booleans of Kubernetes",
      { podOverride: { spec: { terminationGracePeriodSeconds: "{{ params.n }}", hostNetwork: "{{ params.yes }}" } } },
      { podOverride: { spec: { terminationGracePeriodSeconds: 3, hostNetwork: true } } },
    ],
    [
      "a number or a name",
      { initContainers: [{ name: "a", livenessProbe: { httpGet: { port: "{{ params.port }}" } } }] },
      { initContainers: [{ name: "a", livenessProbe: { httpGet: { port: "http" } } }] },
    ],
    [
      "volumes",
      { mounts: [{ path: "/data/{{ run.ds }}", source: { hostPath: { path: "/{{ params.n }}" } } }] },
      { mounts: [{ path: "/data/2026-01-31", source: { hostPath: { path: "/3" } } }] },
    ],
  ];
  for (const [what, pod, rendered] of pods) {
    it(`renders ${what}`, () => {
      const { task } = render(podTask(pod));
      assert.ok(task.operator === "pod");
      assert.deepEqual(task.pod, { image: "img", ...rendered });
    });
  }

  it("makes a label valid that its value would not be", () => {
    const { task } = render(
      podTask({ labels: { a: "{{ params.text }}" }, podOverride: { metadata: { labels: { b: "{{ params.text }}" } } } }),
    );
    assert.ok(task.operator === "pod");
    assert.match(task.pod.labels?.a ?? "", /^a_b-[a-z0-9]+$/);
    assert.match((task.pod.podOverride as { metadata: { labels: { b: string } } }).metadata.labels.b, /^a_b-[a-z0-9]+$/);
  });

  it("renders the DAG's part of the pod", () =>
    assert.deepEqual(render(podTask({}), { metadata: { annotations: { day: "{{ run.ds }}" } } }).podDefaults, {
      metadata: { annotations: { day: "2026-01-31" } },
    }));

  it("leaves a pod without expressions the object it is", () => {
    const task = podTask({ args: ["a"], labels: { "not valid": "at all, but not ours to say" } });
    const after = render(task).task;
    assert.ok(task.operator === "pod" && after.operator === "pod");
    assert.equal(after.pod, task.pod);
  });

  const wrong: readonly (readonly [what: string, pod: object, message: RegExp])[] = [
    ["null in a text", { args: ["{{ params.none }}"] }, /null is no text/],
    [
      "a text for a number",
      { podOverride: { spec: { terminationGracePeriodSeconds: "{{ params.text }}" } } },
      /terminationGracePeriodSeconds: what came of its expression does not fit: expected whole number, got string/,
    ],
    [
      "no quantity",
      { podOverride: { spec: { containers: [{ name: "main", resources: { limits: { cpu: "{{ params.text }}" } } }] } } },
      /expected quantity/,
    ],
    ["an empty image", { image: "{{ params.x | default('') }}" }, /image: what came of its expression does not fit/],
  ];
  for (const [what, pod, message] of wrong) {
    it(`refuses ${what}`, () => assert.throws(() => render(podTask(pod)), { code: "WL_TEMPLATE", message }));
  }

  const others: readonly (readonly [what: string, task: Partial<TaskSpecInput>, rendered: object])[] = [
    [
      "a trigger's conf keeps types",
      { operator: "trigger", dag: "b", conf: { n: "{{ params.n }}", t: ["x{{ params.n }}"] } },
      { conf: { n: 3, t: ["x3"] } },
    ],
    ["an approval's question is a text", { operator: "approval", question: "{{ params.n }}" }, { question: "3" }],
    [
      "a request's body keeps types, its headers do not",
      {
        operator: "http",
        request: { url: "http://h/{{ params.n }}", headers: { n: "{{ params.n }}" }, body: { n: "{{ params.n }}" } },
      },
      { request: { url: "http://h/3", headers: { n: "3" }, body: { n: 3 } } },
    ],
    [
      "a wait's expected value keeps its type",
      { operator: "wait", for: { kind: "http", request: { url: "http://h" }, body: { path: "a", equals: "{{ params.n }}" } } },
      { for: { kind: "http", request: { url: "http://h" }, body: { path: "a", equals: 3 } } },
    ],
    [
      "a resource keeps types",
      {
        operator: "resource",
        resource: {
          manifest: { apiVersion: "v1", kind: "K", spec: { n: "{{ params.n }}" } },
          success: { path: "a", in: ["b"] },
          failure: { path: "a", in: ["c"] },
        },
      },
      {
        resource: {
          manifest: { apiVersion: "v1", kind: "K", spec: { n: 3 } },
          success: { path: "a", in: ["b"] },
          failure: { path: "a", in: ["c"] },
        },
      },
    ],
  ];
  for (const [what, input, rendered] of others) {
    it(what, () => {
      const task = taskOf(input);
      assert.deepEqual(render(task).task, { ...task, ...rendered });
    });
  }
});

describe("needsRendering", () => {
  it("is false without expressions, wherever they might be", () => {
    assert.equal(needsRendering(podTask({ args: ["a"] }), { spec: {} }), false);
    assert.equal(needsRendering(taskOf({ operator: "noop" }), { metadata: { name: "{{ run.ds }}" } }), false);
  });
  it("is true with one, also in the DAG's part of the pod", () => {
    assert.equal(needsRendering(podTask({ args: ["{{ run.ds }}"] }), undefined), true);
    assert.equal(needsRendering(podTask({}), { metadata: { labels: { a: "{{ run.ds }}" } } }), true);
  });
});

describe("workerPaths", () => {
  const mapped = (over: unknown) => ({ ...podTask({ args: ["{{ item.name }}", "{{ run.ds }}"] }), map: { over } }) as TaskSpec;
  const table: readonly (readonly [what: string, over: unknown, paths: unknown])[] = [
    ["of a path one place", "{{ tasks.a.outputs }}", ["tasks", "a", "outputs", 7]],
    ["of anything else the whole list", '{{ params.csv | split(",") }}', ["params", "csv"]],
    ["of a known list what the item names", Array(8).fill({ name: "{{ params.n }}" }), ["params", "n"]],
  ];
  for (const [what, over, path] of table) {
    it(`ask ${what}`, () => assert.deepEqual(workerPaths(mapped(over), undefined, 7), [["item", "name"], ["run", "ds"], path]));
  }
});

describe("itemOf", () => {
  const over = '{{ params.csv | split(",") }}';
  it("takes the item out of the list", () => {
    assert.equal(itemOf(over, 1, { params: { csv: "a,b" } }), "b");
    assert.deepEqual(itemOf("{{ params.list }}", 1, scope), "x");
    assert.deepEqual(itemOf([{ day: "{{ run.ds }}" }], 0, scope), { day: "2026-01-31" });
  });
  it("says when the list has become shorter", () =>
    assert.throws(() => itemOf(over, 2, { params: { csv: "a,b" } }), {
      code: "WL_TEMPLATE",
      message: /has no item 2: the list has changed/,
    }));
  it("asks of a path with filters for the whole", () => assert.equal(itemSource(over, 3), over));
});

describe("renderedTexts", () => {
  const shown = (task: TaskSpec) => renderedTexts({ task, podDefaults: undefined }, render(task));
  it("shows the texts that had an expression", () =>
    assert.deepEqual(shown(podTask({ args: ["a", "{{ run.ds }}"], env: { N: "n={{ params.n }}", A: "a" } })), {
      "pod.args.1": "2026-01-31",
      "pod.env.N": "n=3",
    }));
  it("is at most 8 KB", () => {
    const texts = shown(podTask({ args: Array(50).fill("{{ params.long }}") }));
    assert.ok(JSON.stringify(texts).length < 8_192);
    assert.ok(Object.keys(texts).length > 3);
  });
});
