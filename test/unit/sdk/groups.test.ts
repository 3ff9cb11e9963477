import assert from "node:assert/strict";
import type { DagBuilder, TaskHandle } from "windlass";
import { dagOf, edgesOf, fieldsOf, mistakesOf } from "../../support/dag-of.ts";

/** A group "g" with the tasks a → b. */
const pair = (d: DagBuilder, id = "g") => d.group(id, g => g.chain(g.noop("a"), g.noop("b")));

describe("a group", () => {
  it("puts its id in front of its tasks' ids, groups inside it included", () => {
    const spec = dagOf(d => {
      d.group("load", g => {
        g.noop("extract");
        g.group("raw", inner => void inner.noop("store"));
      });
    });
    assert.deepEqual(
      spec.tasks.map(({ id }) => id),
      ["load.extract", "load.raw.store"],
    );
  });

  it("stands in the spec with its description, before those inside it", () => {
    const spec = dagOf(d => {
      d.group("load", g => void g.group("raw", inner => void inner.noop("store")), { description: "Gets the tables" });
      d.group("save", g => void g.noop("all"));
    });
    assert.deepEqual(spec.groups, [{ id: "load", description: "Gets the tables" }, { id: "load.raw" }, { id: "save" }]);
    assert.equal("groups" in dagOf(d => void d.noop("a")), false);
  });

  it("has a description that says something", () => {
    const mistakes = mistakesOf(d => void d.group("g", g => void g.noop("a"), { description: "" }));
    assert.match(JSON.stringify(mistakes), /group 'g': .*description/);
  });

  const joins: readonly (readonly [what: string, draw: (d: DagBuilder) => unknown, edges: string[]])[] = [
    ["from a task", d => d.noop("x").before(pair(d)), ["g.a>g.b", "x>g.a"]],
    ["to a task", d => pair(d).before(d.noop("x")), ["g.a>g.b", "g.b>x"]],
    ["through it", d => d.noop("x").before(pair(d)).before(d.noop("y")), ["g.a>g.b", "g.b>y", "x>g.a"]],
    ["between groups", d => pair(d, "f").before(pair(d)), ["f.a>f.b", "f.b>g.a", "g.a>g.b"]],
    ["in a chain, as one", d => d.chain(d.noop("x"), pair(d), d.noop("y")), ["g.a>g.b", "g.b>y", "x>g.a"]],
    [
      "in lists of a chain",
      d => d.chain([pair(d, "f"), pair(d)], [d.noop("x"), d.noop("y")]),
      ["f.a>f.b", "f.b>x", "g.a>g.b", "g.b>y"],
    ],
    [
      "to every task that it begins and ends with",
      d => {
        const wide = d.group("g", g => {
          g.noop("a");
          g.noop("b");
        });
        d.noop("x").before(wide).before(d.noop("y"));
      },
      ["g.a>y", "g.b>y", "x>g.a", "x>g.b"],
    ],
    [
      "before the edges inside it are drawn",
      d => {
        const tasks: Record<string, ReturnType<DagBuilder["noop"]>> = {};
        const late = d.group("g", g => {
          tasks.a = g.noop("a");
          tasks.b = g.noop("b");
        });
        d.noop("x").before(late).before(d.noop("y"));
        tasks.a!.before(tasks.b!);
      },
      ["g.a>g.b", "g.b>y", "x>g.a"],
    ],
    [
      "of groups inside groups, from the inside out",
      d => {
        const outer = d.group("o", g => {
          g.chain(pair(g, "i"), pair(g, "j"));
        });
        outer.before(d.noop("y"));
        d.noop("x").before(outer);
      },
      ["o.i.a>o.i.b", "o.i.b>o.j.a", "o.j.a>o.j.b", "o.j.b>y", "x>o.i.a"],
    ],
    [
      "past its teardowns",
      d => {
        const group = d.group("g", g => {
          const create = g.noop("create").asSetup();
          g.chain(create, g.noop("work"), g.noop("destroy").asTeardown({ of: create }));
        });
        group.before(d.noop("y"));
      },
      ["g.create>g.destroy", "g.create>g.work", "g.work>g.destroy", "g.work>y"],
    ],
  ];
  for (const [what, draw, edges] of joins) it(`joins ${what}`, () => assert.deepEqual(edgesOf(dagOf(draw)), edges));

  it("lays its defaults over those around it", () => {
    const spec = dagOf(
      d => {
        d.noop("out");
        d.group(
          "g",
          g => {
            g.pod("in", { image: "i", labels: { own: "1" } });
            g.group("h", h => void h.noop("deep", { retries: 9 }), { defaultArgs: { pool: "deep" } });
          },
          { defaultArgs: { retries: 3, labels: { group: "1" } } },
        );
      },
      { defaultArgs: { retries: 1, pool: "all", labels: { dag: "1" } } },
    );
    const of = (id: string) => {
      const task = spec.tasks.find(one => one.id === id)!;
      return [task.retry.retries, task.pool, task.operator === "pod" ? task.pod.labels : undefined];
    };
    assert.deepEqual(of("out"), [1, "all", undefined]);
    assert.deepEqual(of("g.in"), [3, "all", { dag: "1", group: "1", own: "1" }]);
    assert.deepEqual(of("g.h.deep"), [9, "deep", undefined]);
  });

  it("hands on results under the whole id", () => {
    let path = "";
    dagOf(d =>
      d.group("g", g => {
        path = String(g.trigger("start", { dag: "other" }).output.runId);
      }),
    );
    assert.equal(path, '{{ tasks["g.start"].output.runId }}');
  });

  const wrong: readonly (readonly [what: string, draw: (d: DagBuilder) => unknown, message: RegExp])[] = [
    ["is empty", d => [d.noop("x"), d.group("g", () => undefined)], /group 'g' has no tasks/],
    ["has the id of a task", d => [pair(d), d.noop("g")], /group 'g' has the id of another group or task/],
    ["has the id of another group", d => [pair(d), d.group("g", g => g.noop("c"))], /group 'g' has the id of another/],
    ["is joined with itself", d => [pair(d)].map(g => g.before(g)), /an edge joins group 'g' with itself/],
    [
      "is joined with a task inside it",
      d => {
        const inside: TaskHandle[] = [];
        d.group("g", g => g.group("h", h => inside.push(h.noop("a")))).before(inside);
      },
      /an edge joins group 'g' with itself or with something inside it/,
    ],
    [
      "is on a circle",
      d => {
        const [group, x] = [pair(d), d.noop("x")];
        group.before(x);
        x.before(group);
      },
      /the tasks form a circle: (.* → )?g\.b → x → g\.a/,
    ],
    ["has an async callback", d => d.group("g", async g => g.noop("a")), /group 'g': the callback must not be async/],
    [
      "has a bad default",
      d => d.group("g", g => g.noop("a"), { defaultArgs: { retries: -1 } }),
      /group 'g': option defaultArgs\.retries/,
    ],
    [
      "has a secret in its defaults",
      d => d.group("g", g => g.noop("a"), { defaultArgs: { env: { API_KEY: "abc" } } }),
      /g\.env\.API_KEY looks like a secret/,
    ],
    ["has an unknown option", d => d.group("g", g => g.noop("a"), { defaultArg: {} } as object), /did you mean 'defaultArgs'\?/],
    [
      "has a wrong task",
      d => d.group("g", g => g.noop("a", { retries: -1 })),
      /^task 'g\.a': option retries: expected at least 0/,
    ],
  ];
  for (const [what, draw, message] of wrong) {
    it(`is refused when it ${what}`, () => {
      const mistakes = mistakesOf(draw);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }

  it("is refused when it has a bad id, and so are the ids of its tasks", () => {
    const mistakes = mistakesOf(d => d.group("a b", g => g.noop("c")));
    assert.deepEqual(
      mistakes.map(text => text.split(":")[0]),
      ["'a b' is no group id", "'a b.c' is no task id"],
    );
  });

  it("is a whole: the same tasks by hand are the same data", () => {
    const grouped = dagOf(d => pair(d).after(d.noop("x")));
    const byHand = dagOf(d => {
      const a = d.noop("g.a");
      d.chain(a, d.noop("g.b"));
      d.noop("x").before(a);
    });
    assert.deepEqual(fieldsOf(grouped, "g.b"), fieldsOf(byHand, "g.b"));
    assert.deepEqual(edgesOf(grouped), edgesOf(byHand));
  });
});
