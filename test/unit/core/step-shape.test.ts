import assert from "node:assert/strict";
import type { RunState } from "#core/run.ts";
import { type DagShape, graphOf } from "../../support/core/graph-of.ts";
import { play } from "../../support/core/play.ts";
import { World } from "../../support/core/world.ts";

interface Story {
  name: string;
  dag: DagShape;
  /** What happens → what the leader decides: "+a" enqueues, "-a" stops, "a=state" moves, capitals end the run. */
  told: readonly (readonly [event: string, decisions: string])[];
  /** How the run stands afterwards, where the last decisions do not say it. */
  end?: RunState;
}

const branch = (on: string, cases: readonly { is: unknown; to: string[] }[], otherwise?: string[]) => ({
  operator: "branch",
  on,
  cases,
  ...(otherwise === undefined ? {} : { otherwise }),
});

const bySize = branch(
  "{{ tasks.check.output.size }}",
  [
    { is: "big", to: ["big"] },
    { is: "small", to: ["small"] },
  ],
  [],
);
const branching: DagShape = { edges: ["check>way", "way>big", "way>small", "big>join", "small>join"], say: { way: bySize } };
const joined: DagShape = { ...branching, say: { way: bySize, join: { triggerRule: "none_failed_min_one_success" } } };

const mapped = (over: unknown, more: object = {}): DagShape => ({
  edges: ["list>load", "load>after"],
  say: { load: { map: { over, ...more } } },
});
const three = mapped([1, 2, 3]);

const BRANCHES: readonly Story[] = [
  {
    name: "a branch goes on with the way that its value names, and skips the others",
    dag: joined,
    told: [
      ["go", "+check"],
      ['check:ok={"size":"big"}', "way=success small=skipped +big"],
      ["big:ok", "+join"],
      ["join:ok", "SUCCESS"],
    ],
  },
  {
    name: "a branch without a fitting case goes nowhere",
    dag: branching,
    told: [
      ["go", "+check"],
      ['check:ok={"size":"odd"}', "way=success big=skipped small=skipped join=skipped SUCCESS"],
    ],
  },
  {
    name: "a branch that names what its upstream did not say has failed",
    dag: branching,
    told: [
      ["go", "+check"],
      ["check:ok={}", "way=failed big=upstream_failed small=upstream_failed join=upstream_failed FAILED"],
    ],
  },
  {
    name: "a task behind the chosen way is not skipped although the branch leads to it, too",
    dag: { edges: ["way>a", "way>b", "a>b"], say: { way: branch("{{ params.x }}", [{ is: 1, to: ["a"] }]) } },
    told: [
      ["go", "way=success +a"],
      ["a:ok", "+b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "a branch by exit code",
    dag: {
      edges: ["check>way", "way>fix", "way>go"],
      say: {
        way: { ...branch("{{ tasks.check.exitCode | default(0) }}", [{ is: 1, to: ["fix"] }], ["go"]), triggerRule: "all_done" },
      },
    },
    told: [
      ["go", "+check"],
      ["check:bad", "way=success go=skipped +fix"],
      ["fix:ok", "SUCCESS"],
    ],
  },
  {
    name: "a closed short circuit skips all that follows, whatever its rule",
    dag: {
      edges: ["check>stop", "stop>a", "a>b"],
      say: { stop: { operator: "shortCircuit", on: "{{ tasks.check.output }}" }, b: { triggerRule: "all_done" } },
    },
    told: [
      ["go", "+check"],
      ["check:ok=0", "a=skipped b=skipped stop=success SUCCESS"],
    ],
  },
  {
    name: "a closed short circuit that respects rules skips what hangs on it directly",
    dag: {
      edges: ["check>stop", "stop>a", "a>b"],
      say: {
        stop: { operator: "shortCircuit", on: "{{ tasks.check.output }}", respectRules: true },
        b: { triggerRule: "all_done" },
      },
    },
    told: [
      ["go", "+check"],
      ['check:ok=""', "stop=success a=skipped +b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "an open short circuit",
    dag: { edges: ["stop>a"], say: { stop: { operator: "shortCircuit", on: "{{ params.x }}" } } },
    told: [
      ["go", "stop=success +a"],
      ["a:ok", "SUCCESS"],
    ],
  },
  {
    name: "a run without a tick is always the latest",
    dag: { edges: ["latest>a"], say: { latest: { operator: "latestOnly" } } },
    told: [["go", "latest=success +a"]],
  },
  {
    name: "a task that a branch skipped is skipped again when it is cleared",
    dag: branching,
    told: [
      ["go", "+check"],
      ['check:ok={"size":"big"}', "way=success small=skipped join=skipped +big"],
      ["clear small", "small=skipped"],
      ["big:ok", "SUCCESS"],
    ],
  },
];

const MAPS: readonly Story[] = [
  {
    name: "a mapped task runs once for each item and ends with the last",
    dag: three,
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0 +load@1 +load@2"],
      ["load@1:ok", ""],
      ["load@0:ok", ""],
      ["load@2:ok", "load=success +after"],
      ["after:ok", "SUCCESS"],
    ],
  },
  {
    name: "the list may be an upstream's result",
    dag: mapped("{{ tasks.list.output.files }}"),
    told: [
      ["go", "+list"],
      ['list:ok={"files":["a","b"]}', "load=mapped +load@0 +load@1"],
    ],
  },
  {
    name: "an empty list is skipped",
    dag: mapped([]),
    told: [
      ["go", "+list"],
      ["list:ok", "load=skipped after=skipped SUCCESS"],
    ],
  },
  {
    name: "what is no list fails",
    dag: mapped("{{ tasks.list.output }}"),
    told: [
      ["go", "+list"],
      ["list:ok=7", "load=failed after=upstream_failed FAILED"],
    ],
  },
  {
    name: "at most so many instances at once",
    dag: mapped([1, 2, 3], { maxActive: 2 }),
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0 +load@1"],
      ["load@1:again", ""],
      ["load@0:ok", "+load@2"],
      ["load@2:ok", ""],
      ["load@1:ok", "load=success +after"],
    ],
  },
  {
    name: "one failed instance fails the mapped task, after the others",
    dag: three,
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0 +load@1 +load@2"],
      ["load@1:bad", ""],
      ["load@0:ok", ""],
      ["load@2:ok", "load=failed after=upstream_failed FAILED"],
    ],
  },
  {
    name: "a share of the instances may fail",
    dag: mapped([1, 2, 3], { maxFailures: 0.34 }),
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0 +load@1 +load@2"],
      ["load@1:bad", ""],
      ["load@0:ok", ""],
      ["load@2:ok", "load=success +after"],
    ],
  },
  {
    name: "a failed instance is repeated alone",
    dag: three,
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0 +load@1 +load@2"],
      ["load@1:bad", ""],
      ["load@0:ok", ""],
      ["load@2:ok", "load=failed after=upstream_failed FAILED"],
      ["clear load@1", "load=mapped after=none +load@1#2"],
      ["load@1:ok", "load=success +after"],
      ["after:ok", "SUCCESS"],
    ],
  },
  {
    name: "a cleared mapped task expands anew",
    dag: mapped("{{ tasks.list.output }}"),
    told: [
      ["go", "+list"],
      ["list:ok=[1,2]", "load=mapped +load@0 +load@1"],
      ["load@0:ok", ""],
      ["load@1:ok", "load=success +after"],
      ["after:ok", "SUCCESS"],
      ["clear list load after", "load@0=none load@1=none load=none after=none +list#2"],
      ["list:ok=[1]", "load=mapped +load@0#2"],
      ["load@0:ok", "load=success +after#2"],
      ["after:ok", "SUCCESS"],
    ],
  },
  {
    name: "another leader goes on with the instances",
    dag: mapped([1, 2, 3], { maxActive: 1 }),
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0"],
      ["leader", ""],
      ["load@0:ok", "+load@1"],
      ["leader", ""],
      ["load@1:ok", "+load@2"],
      ["load@2:ok", "load=success +after"],
    ],
  },
  {
    name: "a cancel starts no further instance",
    dag: mapped([1, 2, 3], { maxActive: 1 }),
    told: [
      ["go", "+list"],
      ["list:ok", "load=mapped +load@0"],
      ["load@0:ok", "+load@1"],
      ["cancel", "after=cancelled -load@1"],
    ],
  },
];

const FRAMES: readonly Story[] = [
  {
    name: "a teardown runs after a failure and does not decide the run",
    dag: {
      edges: ["up>work", "work>down", "up>down"],
      say: { up: { setup: true }, down: { teardown: { of: ["up"] } } },
    },
    told: [
      ["go", "+up"],
      ["up:ok", "+work"],
      ["work:bad", "+down"],
      ["down:ok", "FAILED"],
    ],
  },
  {
    name: "a teardown that fails leaves the run a success",
    dag: { edges: ["up>work", "up>down", "work>down"], say: { up: { setup: true }, down: { teardown: { of: ["up"] } } } },
    told: [
      ["go", "+up"],
      ["up:ok", "+work"],
      ["work:ok", "+down"],
      ["down:bad", "SUCCESS"],
    ],
  },
  {
    name: "unless it says that it fails the run",
    dag: {
      edges: ["up>work", "up>down", "work>down"],
      say: { up: { setup: true }, down: { teardown: { of: ["up"], failsRun: true } } },
    },
    told: [
      ["go", "+up"],
      ["up:ok", "+work"],
      ["work:ok", "+down"],
      ["down:bad", "FAILED"],
    ],
  },
  {
    name: "there is nothing to tear down after a setup that failed",
    dag: { edges: ["up>work", "up>down", "work>down"], say: { up: { setup: true }, down: { teardown: { of: ["up"] } } } },
    told: [
      ["go", "+up"],
      ["up:bad", "work=upstream_failed down=upstream_failed FAILED"],
    ],
  },
  {
    name: "a cancelled run still tears down what it has set up, with retries, under another leader",
    dag: {
      edges: ["up>work", "up>down", "work>down", "down>after"],
      say: { up: { setup: true }, down: { teardown: { of: ["up"] } } },
    },
    told: [
      ["go", "+up"],
      ["up:ok", "+work"],
      ["work:begins", ""],
      ["cancel", "after=cancelled -work"],
      ["work:killed", "+down"],
      ["down:again", ""],
      ["leader", ""],
      ["down:ok", "CANCELLED"],
    ],
  },
  {
    name: "a cancelled run tears down nothing that was not set up",
    dag: { edges: ["up>work", "up>down", "work>down"], say: { up: { setup: true }, down: { teardown: { of: ["up"] } } } },
    told: [
      ["go", "+up"],
      ["up:begins", ""],
      ["cancel", "work=cancelled -up"],
      ["up:killed", "down=skipped CANCELLED"],
    ],
  },
  {
    name: "a setup that succeeds before it is stopped is torn down",
    dag: { edges: ["up>work", "up>down", "work>down"], say: { up: { setup: true }, down: { teardown: { of: ["up"] } } } },
    told: [
      ["go", "+up"],
      ["up:begins", ""],
      ["cancel", "work=cancelled -up"],
      ["up:ok", "+down"],
      ["down:ok", "CANCELLED"],
    ],
  },
  {
    name: "strict: any failed task fails the run",
    dag: { edges: ["a>b"], allDone: ["b"], dag: { strict: true } },
    told: [
      ["go", "+a"],
      ["a:bad", "+b"],
      ["b:ok", "FAILED"],
    ],
  },
  {
    name: "a run that takes too long is stopped and has failed",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:wait", ""],
      ["timeout", "b=cancelled -a"],
    ],
    end: "failed",
  },
];

const HANDS: readonly Story[] = [
  {
    name: "clear a failed task: what had failed with it waits again",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed FAILED"],
      ["clear a", "b=none +a#2"],
      ["a:ok", "+b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "clear a running task: it is stopped, then starts anew",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:begins", ""],
      ["clear a", "-a"],
      ["a:killed", "+a#2"],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "clear a running task, and another leader takes over before it has let go",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:begins", ""],
      ["clear a", "-a"],
      ["leader", "-a"],
      ["a:killed", "+a#2"],
      ["leader", ""],
      ["a:ok", "+b"],
    ],
  },
  {
    name: "clear a task of a cancelled run: the run goes on",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["cancel", "b=cancelled -a"],
      ["clear a b", "b=none +a#2"],
      ["a:ok", "+b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "mark a failed task as a success",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:bad", "b=upstream_failed FAILED"],
      ["mark success a", "a=success +b"],
      ["b:ok", "SUCCESS"],
    ],
  },
  {
    name: "mark a task that waits as failed",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["mark failed b", "b=failed"],
      ["a:ok", "FAILED"],
    ],
  },
  {
    name: "mark a running task: it is stopped first",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:begins", ""],
      ["mark success a", "-a"],
      ["a:killed", "a=success +b"],
    ],
  },
  {
    name: "retry now: the waiting job starts",
    dag: { edges: ["a"] },
    told: [
      ["go", "+a"],
      ["a:again", ""],
      ["retryNow a", "!a"],
    ],
  },
  {
    name: "stop retrying: a task that waits has failed",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:again", ""],
      ["stopRetrying a", "-a"],
    ],
    end: "failed",
  },
  {
    name: "mark a run that is under way: what is open ends with it",
    dag: { edges: ["a>b"] },
    told: [
      ["go", "+a"],
      ["a:begins", ""],
      ["markRun success", "b=cancelled -a"],
      ["a:killed", "SUCCESS"],
    ],
  },
  {
    name: "mark a run that has ended",
    dag: { edges: ["a"] },
    told: [
      ["go", "+a"],
      ["a:bad", "FAILED"],
      ["markRun success", "SUCCESS"],
      ["markRun success", ""],
    ],
  },
];

const webhook = { kind: "webhook" as const, url: "http://hooks" };

const WORDS_OUTSIDE: readonly Story[] = [
  {
    name: "tells whom the task names",
    dag: { edges: ["a"], say: { a: { notices: { onRetry: [webhook], onFailure: [webhook] } } } },
    told: [
      ["go", "+a"],
      ["a:again", "onRetry(a#1)"],
      ["a:bad", "onFailure(a#2) FAILED"],
    ],
  },
  {
    name: "tells whom the DAG names",
    dag: { edges: ["a"], dag: { notices: { onSuccess: [webhook] } } },
    told: [
      ["go", "+a"],
      ["a:ok", "onSuccess() SUCCESS"],
    ],
  },
  {
    name: "updates assets after a success",
    dag: { edges: ["a", "b"], say: { a: { outlets: ["s3://x"] }, b: { outlets: ["s3://y"] } } },
    told: [
      ["go", "+a +b"],
      ["b:bad", ""],
      ["a:ok", "a updates s3://x FAILED"],
    ],
  },
  {
    name: "tells again what another leader may not have told",
    dag: { edges: ["a>b"], say: { a: { outlets: ["s3://x"], notices: { onSuccess: [webhook] } } } },
    told: [
      ["go", "+a"],
      ["a:ok", "+b a updates s3://x onSuccess(a#1)"],
      ["leader", "a updates s3://x onSuccess(a#1)"],
    ],
  },
];

for (const [what, stories] of Object.entries({
  "branches and short circuits": BRANCHES,
  "mapped tasks": MAPS,
  "setup, teardown and the run's end": FRAMES,
  "people's hands": HANDS,
  "words outside": WORDS_OUTSIDE,
})) {
  describe(`step: ${what}`, () => {
    for (const { name, dag, told, end } of stories) {
      it(name, () => {
        const world = new World(graphOf(dag), { conf: { x: 1 } });
        for (const [event, decisions] of told) {
          const said = play(world, event).split(" ").sort().join(" ");
          assert.equal(said, decisions.split(" ").sort().join(" "), `after "${event}"`);
        }
        if (end !== undefined) assert.equal(world.run.state, end);
      });
    }
  });
}
