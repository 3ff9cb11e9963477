import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { taskOf } from "#core/run.ts";
import type { RunEvent } from "#core/step.ts";
import { type DagShape, graphOf } from "../../support/core/graph-of.ts";
import { play } from "../../support/core/play.ts";
import { World } from "../../support/core/world.ts";

interface Story {
  name: string;
  dag: DagShape;
  /** What happens → what the leader decides: "+a" enqueues, "-a" stops, "a=state" moves, capitals end the run. */
  told: readonly (readonly [event: string, decisions: string])[];
}

const chain: DagShape = { edges: ["a>b", "b>c"] };
const diamond: DagShape = { edges: ["a>b", "a>c", "b>d", "c>d"] };

const STORIES: readonly Story[] = [
  {
    name: "one task",
    dag: { edges: ["a"] },
    told: [
      ["go", "+a"],
      ["a:ok", "SUCCESS"],
    ],
  },
  {
    name: "a chain",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:ok", "+b"],
      ["b:ok", "+c"],
      ["c:ok", "SUCCESS"],
    ],
  },
  {
    name: "side by side",
    dag: { edges: ["a", "b"] },
    told: [
      ["go", "+a +b"],
      ["b:ok", ""],
      ["a:ok", "SUCCESS"],
    ],
  },
  {
    name: "a diamond waits for both sides",
    dag: diamond,
    told: [
      ["go", "+a"],
      ["a:ok", "+b +c"],
      ["c:ok", ""],
      ["b:ok", "+d"],
      ["d:ok", "SUCCESS"],
    ],
  },
  {
    name: "an empty task needs no job",
    dag: { edges: ["s>a"], empty: ["s"] },
    told: [
      ["go", "s=success +a"],
      ["a:ok", "SUCCESS"],
    ],
  },
  {
    name: "an empty task in the middle",
    dag: { edges: ["a>s", "s>b"], empty: ["s"] },
    told: [
      ["go", "+a"],
      ["a:ok", "s=success +b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "nothing but empty tasks ends at once",
    dag: { edges: ["a>b", "b>c", "a>c"], empty: ["a", "b", "c"] },
    told: [["go", "a=success b=success c=success SUCCESS"]],
  },
  {
    name: "a failure fails what follows",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed c=upstream_failed FAILED"],
    ],
  },
  {
    name: "a failure does not stop its neighbours",
    dag: { edges: ["a>x", "b>y"] },
    told: [
      ["go", "+a +b"],
      ["a:bad", "x=upstream_failed"],
      ["b:ok", "+y"],
      ["y:ok", "FAILED"],
    ],
  },
  {
    name: "one failed upstream is enough",
    dag: diamond,
    told: [
      ["go", "+a"],
      ["a:ok", "+b +c"],
      ["b:bad", "d=upstream_failed"],
      ["c:ok", "FAILED"],
    ],
  },
  {
    name: "all_done runs after a failure, and the leaf decides",
    dag: { edges: ["a>z"], allDone: ["z"] },
    told: [
      ["go", "+a"],
      ["a:bad", "+z"],
      ["z:ok", "SUCCESS"],
    ],
  },
  {
    name: "all_done waits for everybody",
    dag: { edges: ["a>z", "b>z"], allDone: ["z"] },
    told: [
      ["go", "+a +b"],
      ["a:bad", ""],
      ["b:ok", "+z"],
      ["z:bad", "FAILED"],
    ],
  },
  {
    name: "all_done after upstream_failed",
    dag: { edges: ["a>b", "b>z"], allDone: ["z"] },
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed +z"],
      ["z:ok", "SUCCESS"],
    ],
  },
  {
    name: "a retry is the worker's: the leader waits",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:again", ""],
      ["a:again", ""],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "infrastructure trouble as well",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:infra", ""],
      ["a:ok", "+b"],
    ],
  },
  { name: "cancel before the start", dag: chain, told: [["cancel", "a=cancelled b=cancelled c=cancelled CANCELLED"]] },
  {
    name: "cancel while a task waits in the queue",
    dag: chain,
    told: [
      ["go", "+a"],
      ["cancel", "b=cancelled c=cancelled -a"],
    ],
  },
  {
    name: "cancel while a worker holds a task",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:held", ""],
      ["cancel", "b=cancelled c=cancelled -a"],
      ["a:killed", "CANCELLED"],
    ],
  },
  {
    name: "cancel after a leaf has failed is the whole story",
    dag: { edges: ["a", "b"] },
    told: [
      ["go", "+a +b"],
      ["a:bad", ""],
      ["b:held", ""],
      ["cancel", "-b"],
      ["b:killed", "CANCELLED"],
    ],
  },
  {
    name: "cancel comes too late",
    dag: { edges: ["a"] },
    told: [
      ["go", "+a"],
      ["a:ok", "SUCCESS"],
      ["cancel", ""],
    ],
  },
  {
    name: "a cancelled run starts nothing more",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:held", ""],
      ["cancel", "b=cancelled -a"],
      ["a:ok", "CANCELLED"],
    ],
  },
  {
    name: "a try that fails in a cancelled run is not waited for",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:held", ""],
      ["cancel", "b=cancelled c=cancelled -a"],
      ["a:again", "-a"],
    ],
  },
  {
    name: "a task that was cancelled by itself fails the run",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:killed", "b=upstream_failed c=upstream_failed FAILED"],
    ],
  },
  {
    name: "Retry reopens the run and what had failed with it",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed c=upstream_failed FAILED"],
      ["a:retried", "b=none c=none"],
      ["a:ok", "+b"],
      ["b:ok", "+c"],
      ["c:ok", "SUCCESS"],
    ],
  },
  {
    name: "Retry that fails again",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed FAILED"],
      ["a:retried", "b=none"],
      ["a:bad", "b=upstream_failed FAILED"],
    ],
  },
  {
    name: "Retry while a neighbour still runs",
    dag: { edges: ["a>x", "b"] },
    told: [
      ["go", "+a +b"],
      ["a:bad", "x=upstream_failed"],
      ["a:retried", "x=none"],
      ["a:ok", "+x"],
      ["x:ok", ""],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "Retry leaves alone what another failure holds back",
    dag: { edges: ["a>x", "b>x"] },
    told: [
      ["go", "+a +b"],
      ["a:bad", "x=upstream_failed"],
      ["b:bad", "FAILED"],
      ["a:retried", ""],
      ["a:ok", "FAILED"],
    ],
  },
  {
    name: "a lost job is replaced",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:lost", "+a#2"],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "a lost job of a running task is replaced and repeats the try",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:held", ""],
      ["a:lost", "+a#2"],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "a lost job that waits for its retry",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:again", ""],
      ["a:lost", "+a#2"],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "lost twice",
    dag: chain,
    told: [
      ["go", "+a"],
      ["a:lost", "+a#2"],
      ["a:lost", "+a#3"],
      ["a:ok", "+b"],
    ],
  },
];

describe("step", () => {
  for (const { name, dag, told } of STORIES) {
    it(name, () => {
      const world = new World(graphOf(dag));
      assert.deepEqual(
        told.map(([event]) => [event, play(world, event)]),
        told,
      );
    });
  }

  it("uses up no try when a job is lost", () => {
    const world = new World(graphOf(chain));
    for (const word of ["go", "a:again", "a:held", "a:lost"]) play(world, word);
    assert.deepEqual([world.record("a").gen, world.record("a").try], [2, 1], "try 2 was under way and is repeated");
    play(world, "a:ok");
    assert.equal(world.record("a").try, 2);
  });

  it("folds many events into one step", () => {
    const graph = graphOf(diamond);
    const world = new World(graph);
    for (const word of ["go", "a:ok"]) play(world, word);
    for (const taskId of ["b", "c"]) {
      const id = jobId(world.run.id, taskId, 1);
      world.begin(id);
      world.finish(id, "success");
    }
    const rev = world.run.rev;
    assert.deepEqual(world.apply(...world.inbox.splice(0)), ["+d"]);
    assert.equal(world.run.rev, rev + 1);
  });

  it("starts a run once, however often it is admitted", () => {
    const world = new World(graphOf(chain));
    play(world, "go");
    assert.equal(play(world, "go"), "");
  });

  it("knows when a run ended: with its last task", () => {
    const world = new World(graphOf({ edges: ["a", "b"] }));
    for (const word of ["go", "b:ok", "a:ok"]) play(world, word);
    assert.equal(world.run.endedAt, taskOf(world.run, "a").endedAt);
  });

  describe("changes nothing on", () => {
    const stale: readonly (readonly [name: string, words: readonly string[], event: (world: World) => RunEvent])[] = [
      ["the same end twice", ["go", "a:ok"], world => world.sent.at(-1)!],
      ["an end of an earlier try", ["go", "a:again", "a:bad"], world => world.sent[0]!],
      ["an end of an earlier generation", ["go", "a:again", "a:lost"], world => world.sent[0]!],
      [
        "a lost job of a task that has ended",
        ["go", "a:ok"],
        world => ({ type: "task.jobLost", at: world.now(), taskId: "a", task: { ...world.record("a"), state: "running" } }),
      ],
      [
        "a lost job that was replaced",
        ["go", "a:lost"],
        world => ({ type: "task.jobLost", at: world.now(), taskId: "a", task: { ...world.record("a"), gen: 1 } }),
      ],
      ["a Retry that is known", ["go", "a:bad", "a:retried"], world => world.sent.at(-1)!],
      [
        "records that are known",
        ["go", "a:ok"],
        world => ({ type: "run.loaded", at: world.now(), tasks: new Map(world.records) }),
      ],
    ];
    for (const [name, words, event] of stale) {
      it(name, () => {
        const world = new World(graphOf(chain));
        for (const word of words) play(world, word);
        const before = world.run;
        assert.deepEqual(world.apply(event(world)), []);
        assert.deepEqual(world.run, before);
      });
    }
  });

  it("does on loading what nobody acted upon", () => {
    const world = new World(graphOf(chain));
    play(world, "go");
    const id = jobId(world.run.id, "a", 1);
    world.begin(id);
    world.finish(id, "success");
    world.inbox.length = 0; // the message is lost
    assert.deepEqual(world.restartLeader(), ["+b"]);
  });

  it("reopens on loading a run whose Retry nobody heard of", () => {
    for (const heard of ["while the task runs", "after it has ended"]) {
      const world = new World(graphOf(chain));
      for (const word of ["go", "a:bad"]) play(world, word);
      const id = jobId(world.run.id, "a", 1);
      world.retry(id);
      world.begin(id);
      if (heard === "after it has ended") world.finish(id, "success");
      world.inbox.length = 0;
      world.restartLeader();
      assert.equal(world.run.state, "running", heard);
      if (heard === "while the task runs") play(world, "a:ok");
      assert.equal(world.record("b").state, "queued", heard);
    }
  });

  it("reopens when only the end of a retried task is heard of", () => {
    const world = new World(graphOf(chain));
    for (const word of ["go", "a:bad"]) play(world, word);
    const id = jobId(world.run.id, "a", 1);
    world.retry(id);
    world.begin(id);
    world.finish(id, "success");
    const end = world.inbox.splice(0).at(-1)!;
    assert.deepEqual(world.apply(end), ["+b", "c=none"].toReversed());
  });
});
