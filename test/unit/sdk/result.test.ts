import assert from "node:assert/strict";
import { dag, LargeResult, type PodOptions, type Reference, z } from "windlass";
import { DagError } from "#sdk/problem.ts";

const Rows = z.object({ rows: z.int(), tables: z.array(z.object({ name: z.string() })), note: z.string().optional() });
const image = "etl:1.4";

const taskOf = (options: Omit<PodOptions, "image">) => {
  const [task] = dag("etl", {}, d => void d.pod("extract", { image, ...options })).tasks;
  assert.ok(task?.operator === "pod");
  return task;
};
const mistakesOf = (options: Omit<PodOptions, "image">): string[] => {
  try {
    taskOf(options);
  } catch (error) {
    if (error instanceof DagError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
};

describe("the option result", () => {
  it("becomes JSON Schema in the task's data", () =>
    assert.deepEqual(taskOf({ result: z.object({ rows: z.int().min(0), table: z.string().default("orders") }) }).result, {
      type: "object",
      properties: {
        rows: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        table: { type: "string", default: "orders" },
      },
      required: ["rows"],
    }));

  it("is absent when the task has none", () => assert.ok(!("result" in taskOf({}))));

  it("may hold a reference to something large", () => {
    const { result } = taskOf({ result: z.object({ file: LargeResult }) });
    assert.ok(JSON.stringify(result).includes("$ref"));
  });

  const refused: readonly (readonly [what: string, result: unknown, message: RegExp])[] = [
    ["no schema", { rows: "int" }, /option result: expected a zod schema/],
    [
      "a transform",
      z.object({ rows: z.string().transform(Number) }),
      /option result\.rows: transform\(\), pipe\(\) or preprocess\(\) cannot be written as data/,
    ],
    ["a refinement", z.object({ rows: z.int().refine(n => n % 2 === 0) }), /option result\.rows: refine\(\)/],
    ["a change of the text", z.array(z.string().trim()), /option result: trim\(\)/],
    ["a catch", z.object({ rows: z.int().catch(0) }), /option result\.rows: catch\(\)/],
    ["a date", z.object({ at: z.date() }), /option result: Date cannot be represented/],
  ];
  for (const [what, result, message] of refused) {
    it(`is refused when it is ${what}`, () => {
      const mistakes = mistakesOf({ result: result as z.ZodType });
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, /^task 'extract': /);
      assert.match(mistakes[0]!, message);
    });
  }
});

describe("a task's output", () => {
  /** What the callback makes of the task, as it will be stored. */
  const referred = (make: (output: Reference<z.output<typeof Rows>>) => unknown): unknown => {
    let made: unknown;
    dag("etl", {}, d => {
      made = make(d.pod("extract", { image, result: Rows }).output);
    });
    return JSON.parse(JSON.stringify(made));
  };

  it("is a typed path", () => {
    assert.deepEqual(
      referred(output => [output, output.rows, output.tables[0]?.name, output.note]),
      [
        "{{ tasks.extract.output }}",
        "{{ tasks.extract.output.rows }}",
        "{{ tasks.extract.output.tables[0].name }}",
        "{{ tasks.extract.output.note }}",
      ],
    );
  });

  it("is checked by the compiler", () => {
    dag("etl", {}, d => {
      const extract = d.pod("extract", { image, result: Rows });
      const rows: Reference<number> = extract.output.rows;
      // @ts-expect-error rows is a number
      const text: Reference<string> = extract.output.rows;
      assert.deepEqual(JSON.stringify(rows), JSON.stringify(text));
    });
  });

  const wrong: readonly (readonly [
    what: string,
    make: (output: Reference<z.output<typeof Rows>>) => unknown,
    message: RegExp,
  ])[] = [
    [
      "a field that is not in the schema",
      output => (output as unknown as { row: unknown }).row,
      /tasks\.extract\.output has no 'row'; did you mean 'rows'\?/,
    ],
    [
      "a name on a list",
      output => (output.tables as unknown as { first: unknown }).first,
      /tasks\.extract\.output\.tables has no 'first'/,
    ],
  ];
  for (const [what, make, message] of wrong) it(`refuses ${what}`, () => assert.throws(() => referred(make), message));

  it("is no promise", async () => {
    await dagWith(async output => assert.equal(JSON.stringify(await output), '"{{ tasks.extract.output }}"'));
  });

  it("is not there for a task without a result", () =>
    assert.throws(
      () =>
        dag("etl", {}, d => {
          const { output } = d.pod("extract", { image });
          assert.fail(String(output));
        }),
      /task 'extract' has no output: give it the option result/,
    ));

  it("of a task with a mistake is no further mistake", () =>
    assert.throws(
      () =>
        dag("etl", {}, d => {
          const extract = d.pod("extract", { image, retries: -1, result: Rows });
          assert.ok(extract.output.rows);
        }),
      (error: unknown) => error instanceof DagError && error.problems.length === 1,
    ));
});

async function dagWith(use: (output: Reference<z.output<typeof Rows>>) => Promise<void>): Promise<void> {
  let done: Promise<void> | undefined;
  dag("etl", {}, d => {
    done = use(d.pod("extract", { image, result: Rows }).output);
  });
  await done;
}
