import assert from "node:assert/strict";
import { type DagBuilder, dag, type Given, notify, plain, raw, run, secret, text, variables, z } from "windlass";
import type { TaskSpec } from "#core/task-spec.ts";
import { DagError } from "#sdk/problem.ts";

const image = "etl:1.4";
const Rows = z.object({
  rows: z.int(),
  day: z.string(),
  tables: z.array(z.object({ name: z.string() })),
  note: z.string().optional(),
});
const Params = z.object({ country: z.enum(["DE", "FR"]).default("DE"), limit: z.int().optional() });

const build = (write: (d: DagBuilder, given: Given<typeof Params>) => void) => dag("etl", { params: Params }, write);

function podOf(tasks: readonly TaskSpec[], id: string) {
  const task = tasks.find(one => one.id === id);
  assert.ok(task?.operator === "pod");
  return task;
}

const messagesOf = (write: (d: DagBuilder, given: Given<typeof Params>) => void): string[] => {
  try {
    build(write);
  } catch (error) {
    assert.ok(error instanceof DagError, String(error));
    return error.problems.map(({ code, message }) => `${code} ${message}`);
  }
  return [];
};

describe("references", () => {
  it("may stand wherever a pod says a text, and become the texts that stand for them", () => {
    const { tasks } = build((d, { params }) => {
      const extract = d.pod("extract", { image, result: Rows });
      d.pod("load", {
        image: text`registry/etl:${params.country}`,
        args: ["load", extract.output.day, `s3://lake/${run.ds}/${extract.output.tables[0]!.name}`],
        env: { ROWS: extract.output.rows, REGION: variables.region, DB: secret("db", "password"), TOKEN: plain("none") },
        labels: { country: params.country },
        resources: { limits: { memory: variables.memory } },
        mounts: [{ path: "/data", source: { persistentVolumeClaim: { claimName: `data-${params.country.pipe("lower")}` } } }],
        podOverride: { spec: { terminationGracePeriodSeconds: params.limit, priorityClassName: variables.priority } },
      });
    });
    const { pod, upstream } = podOf(tasks, "load");
    assert.deepEqual(upstream, ["extract"]);
    assert.equal(pod.image, "registry/etl:{{ params.country }}");
    assert.deepEqual(pod.args, [
      "load",
      "{{ tasks.extract.output.day }}",
      "s3://lake/{{ run.ds }}/{{ tasks.extract.output.tables[0].name }}",
    ]);
    assert.equal(pod.env?.ROWS, "{{ tasks.extract.output.rows }}");
    assert.equal(pod.env?.REGION, "{{ variables.region }}");
    assert.deepEqual(pod.env?.DB, { secret: "db", key: "password" });
    assert.deepEqual(pod.labels, { country: "{{ params.country }}" });
    assert.deepEqual(pod.resources, { limits: { memory: "{{ variables.memory }}" } });
    assert.deepEqual(pod.mounts?.[0]?.source, { persistentVolumeClaim: { claimName: "data-{{ params.country | lower }}" } });
    assert.deepEqual(pod.podOverride, {
      spec: { terminationGracePeriodSeconds: "{{ params.limit }}", priorityClassName: "{{ variables.priority }}" },
    });
  });

  it("may stand in what holds for every task", () => {
    const spec = dag(
      "etl",
      { defaultArgs: { env: { DAY: run.ds } }, podDefaults: { metadata: { labels: { day: run.ds } } } },
      d => void d.pod("a", { image }),
    );
    assert.deepEqual(podOf(spec.tasks, "a").pod.env, { DAY: "{{ run.ds }}" });
    assert.deepEqual(spec.podDefaults, { metadata: { labels: { day: "{{ run.ds }}" } } });
  });

  it("pass through filters, checked by the compiler", () => {
    const day: string = `${run.logicalDate.pipe("addDays", -1).pipe("ds", "Europe/Berlin")}`;
    assert.equal(day, '{{ run.logicalDate | addDays(-1) | ds("Europe/Berlin") }}');
    assert.equal(`${variables.tags.pipe("default", "none").pipe("upper")}`, '{{ variables.tags | default("none") | upper }}');
    // @ts-expect-error no such filter
    assert.throws(() => run.ds.pipe("uper"), /run\.ds: unknown filter 'uper'; did you mean 'upper'\?/);
    // @ts-expect-error a number of days
    assert.throws(() => run.ds.pipe("addDays", "1"), /filter 'addDays': days has to be a whole number/);
    // @ts-expect-error the number of days is missing
    assert.throws(() => run.ds.pipe("addDays"), /filter 'addDays' is written addDays\(days, zone\?\)/);
  });

  it("are typed by the DAG's params", () => {
    build((d, { params }) => {
      const country: z.infer<typeof Params>["country"] | object = params.country;
      assert.ok(country);
      // @ts-expect-error no such parameter
      assert.throws(() => params.countr, /params has no 'countr'; did you mean 'country'\?/);
      d.empty("a");
    });
  });

  it("of a run know its fields", () => {
    assert.equal(
      `${run.interval.start} ${run.trigger.kind} ${run.conf.anything}`,
      "{{ run.interval.start }} {{ run.trigger.kind }} {{ run.conf.anything }}",
    );
    // @ts-expect-error no such field
    assert.throws(() => run.logicaldate, /run has no 'logicaldate'; did you mean 'logicalDate'\?/);
  });
});

describe("the edges of a text", () => {
  const upstreamOf = (write: (d: DagBuilder) => void): readonly string[] =>
    build(write).tasks.find(({ id }) => id === "last")!.upstream;

  it("come from every task that it names", () =>
    assert.deepEqual(
      upstreamOf(d => {
        const a = d.pod("a", { image, result: Rows });
        d.pod("b", { image });
        d.pod("last", { image, args: [a.output.day, "{{ tasks.b.exitCode }}"] });
      }),
      ["a", "b"],
    ));

  it("are not drawn to what is before it anyway", () =>
    assert.deepEqual(
      upstreamOf(d => {
        const a = d.pod("a", { image, result: Rows });
        const b = d.empty("b");
        d.chain(a, b, d.pod("last", { image, args: [a.output.day] }));
      }),
      ["b"],
    ));

  it("make a circle where two tasks name each other", () =>
    assert.match(
      messagesOf(d => {
        d.pod("a", { image, args: ["{{ tasks.b.state }}"] });
        d.pod("b", { image, args: ["{{ tasks.a.state }}"] });
      }).join("\n"),
      /WL_DAG_CYCLE the tasks form a circle/,
    ));
});

describe("texts that are wrong when the file is loaded", () => {
  const pod =
    (args: unknown[], more: object = {}) =>
    (d: DagBuilder) => {
      d.pod("extract", { image, result: Rows });
      d.pod("bare", { image });
      d.map("many", ["x"], () => ({ image, result: Rows }));
      d.pod("load", { image, args: args as string[], ...more });
    };
  const table: readonly (readonly [text: string, message: RegExp])[] = [
    ["{{ run.dss }}", /task 'load': option args\.0: \{\{ run\.dss }}: run has no 'dss'; did you mean 'ds'\?/],
    ["{{ run.interval.stop }}", /run\.interval has no 'stop'; there are start, end/],
    ["{{ params.countr }}", /params has no 'countr'; did you mean 'country'\?/],
    ["{{ parms.country }}", /has no 'parms'; did you mean 'params'\?/],
    ["{{ variables }}", /name one of the variables/],
    ["{{ tasks.extrakt.output }}", /the DAG has no task 'extrakt'; did you mean 'extract'\?/],
    ["{{ tasks.extract.outputt }}", /tasks\.extract has no 'outputt'; did you mean 'output'\?/],
    ["{{ tasks.extract.output.row }}", /tasks\.extract\.output has no 'row'; did you mean 'rows'\?/],
    ["{{ tasks.extract.output.tables.name }}", /tasks\.extract\.output\.tables has no 'name'/],
    ["{{ tasks.extract }}", /name a task and what of it/],
    ["{{ tasks.extract.outputs }}", /task 'extract' is not mapped/],
    ["{{ tasks.many.output }}", /task 'many' is mapped/],
    ["{{ tasks.many.outputs[0].row }}", /tasks\.many\.outputs\[0] has no 'row'/],
    ["{{ tasks.bare.output }}", /task 'bare' has no output: give it the option result/],
    ["{{ tasks.load.state }}", /a task cannot name itself/],
    ["{{ item }}", /'item' is there in mapped tasks only/],
    ["{{ task.index }}", /task has no 'index'; there are id, try/],
    ["{{ run.ds | upr }}", /unknown filter 'upr'/],
    ["{{.State}}", /a literal "\{\{" is written/],
  ];
  for (const [text, message] of table) {
    it(text, () => {
      const messages = messagesOf(pod([text]));
      assert.equal(messages.length, 1, messages.join("\n"));
      assert.match(messages[0]!, /^WL_TEMPLATE task 'load': option args\.0: /);
      assert.match(messages[0]!, message);
    });
  }

  it("have file and line", () => {
    assert.throws(
      () => dag("etl", {}, d => void d.pod("a", { image, args: ["{{ run.dss }}"] })),
      (error: unknown) =>
        error instanceof DagError && error.place.file?.endsWith("reference.test.ts") === true && Number(error.place.line) > 100,
    );
  });

  it("are found in a branch and in a map, where the scheduler evaluates", () => {
    const branch = messagesOf(d => void d.branch("way", { on: "{{ variables.way }}", cases: { a: d.empty("a") } }));
    assert.match(branch.join("\n"), /task 'way': option on: .*'variables' is not known where the scheduler evaluates/);
  });

  it("may stand in a mapped task's pod", () =>
    assert.deepEqual(
      messagesOf(d => void d.map("m", [{ name: "a" }], (item, index) => ({ image, args: [item.name, `${index}`] }))),
      [],
    ));

  it("are found in notices, which may name the task itself", () => {
    const notice = (text: string) => (d: DagBuilder) => void d.pod("a", { image, onFailure: notify.slack({ text }) });
    assert.deepEqual(messagesOf(notice("{{ tasks.a.state }} {{ task.try }} {{ run.id }}")), []);
    assert.match(
      messagesOf(notice("{{ run.idd }}")).join("\n"),
      /WL_TEMPLATE task 'a': option onFailure\.0\.text: .*run has no 'idd'/,
    );
  });

  it("cannot be the head of a pod's name", () =>
    assert.match(messagesOf(pod([], { name: "{{ run.ds }}" })).join("\n"), /option name: the head of the pod's name/));

  it("cannot hold a secret", () => {
    const messages = messagesOf(pod([secret("db", "password")]));
    assert.equal(messages.length, 1, messages.join("\n"));
    assert.match(messages[0]!, /task 'load': option args\.0: Secrets cannot be referenced into arguments/);
    const beside = messagesOf(pod([], { initContainers: [{ name: "a", image, args: ["x", secret("db", "password")] }] }));
    assert.deepEqual(
      beside.map(message => /option initContainers\.0\.args\.1: Secrets cannot/.test(message)),
      [true],
      beside.join("\n"),
    );
  });
});

describe("literal braces", () => {
  it("are written raw", () => {
    const { tasks } = build(
      d => void d.pod("a", { image, args: ["--format", raw("{{.State}}"), text`{{${run.ds}}}`, `{"day":${run.ds}}`] }),
    );
    assert.deepEqual(podOf(tasks, "a").pod.args, [
      "--format",
      '{{ "{{" }}.State}}',
      '{{ "{{" }}{{ run.ds }}}}',
      '{"day":{{ run.ds }}}',
    ]);
  });
});

describe("params", () => {
  it("are JSON Schema in the spec, with defaults, and closed", () =>
    assert.deepEqual(build(d => void d.empty("a")).params, {
      additionalProperties: false,
      type: "object",
      properties: {
        country: { type: "string", enum: ["DE", "FR"], default: "DE" },
        limit: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      },
    }));

  it("of a looseObject are open", () =>
    assert.deepEqual(dag("etl", { params: z.looseObject({}) }, d => void d.empty("a")).params?.additionalProperties, {}));

  const wrong: readonly (readonly [what: string, options: object, message: RegExp])[] = [
    ["no object", { params: z.string() }, /option params: expected a zod object/],
    ["no schema", { params: { country: "DE" } }, /option params: expected a zod object/],
    ["a refinement", { params: z.object({ a: z.string().refine(a => a !== "") }) }, /option params\.a: refine\(\) or check\(\)/],
    [
      "no default with a schedule",
      { schedule: "@daily", params: z.object({ country: z.string() }) },
      /option params\.country: with a schedule every parameter needs a default/,
    ],
  ];
  for (const [what, options, message] of wrong) {
    it(`are refused with ${what}`, () => assert.throws(() => dag("etl", options, d => void d.empty("a")), message));
  }
});
