import assert from "node:assert/strict";
import fc from "fast-check";
import { run } from "windlass";
import { written } from "#sdk/written.ts";
import { replyText } from "../../../services/scheduler/dag-source/reply-text.ts";

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");

describe("written()", () => {
  it("is what JSON would make of any value", () => {
    const value = fc.anything({ withDate: true, withNullPrototype: true, withObjectString: true, withSparseArray: true });
    fc.assert(fc.property(value, any => assert.deepEqual(written(any), throughJson(any))));
  });

  it("writes references as the texts that stand for them, and leaves out what is no data", () =>
    assert.deepEqual(written({ day: run.ds, list: [run.id, undefined], nothing: undefined, work: () => 1 }), {
      day: "{{ run.ds }}",
      list: ["{{ run.id }}", null],
    }));

  it("gives away nothing that can be changed", () => {
    const value = { list: [{ a: 1 }] };
    const copy = written(value);
    copy.list[0]!.a = 2;
    assert.equal(value.list[0]!.a, 1);
  });
});

describe("replyText()", () => {
  it("is the reply's JSON in one line, in parts that no large DAG makes long", () => {
    const tasks = Array.from({ length: 2_500 }, (_, n) => ({ id: `t${n}` }));
    const reply = {
      dags: [
        { id: "a", tasks },
        { id: "b", tasks: [{ id: "t" }] },
      ],
    };
    const parts = [...replyText(reply)];
    assert.equal(parts.join(""), `${JSON.stringify(reply)}\n`);
    assert.ok(Math.max(...parts.map(part => part.length)) < JSON.stringify(tasks).length / 2);
  });

  for (const reply of [{ dags: [] }, { imports: "/a.ts" }, { error: { code: "WL_DAG_TYPE" as const, message: "no" } }]) {
    it(`is ${JSON.stringify(reply)} as it is`, () => assert.equal([...replyText(reply)].join(""), `${JSON.stringify(reply)}\n`));
  }
});
