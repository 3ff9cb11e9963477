import assert from "node:assert/strict";
import type { CustomManifest, CustomObject, CustomObjects } from "#kube/custom-objects.ts";
import { UnknownKind } from "#kube/custom-objects.ts";
import { KubeError } from "#kube/kube-error.ts";
import type { MadeResource } from "#state/resource-ledger.ts";
import { cancelResource, type ResourceDeps, resourceOperator } from "../../../../services/worker/operators/resource.ts";
import type { TryEnd } from "../../../../services/worker/run-job.ts";
import { CALM, NOW, tryRunOf } from "./try-run.ts";

const TASK = {
  operator: "resource",
  resource: {
    manifest: { apiVersion: "x.example/v1", kind: "Job", metadata: { labels: { team: "data" } }, spec: { size: 3 } },
    success: { path: "status.phase", in: ["Done"] },
    failure: { path: "status.phase", in: ["Failed", "Lost"] },
  },
};

/** A cluster of one kind, and a ledger, that note what is done to them. */
class World {
  readonly objects = new Map<string, CustomObject>();
  readonly made = new Map<string, MadeResource>();
  readonly done: string[] = [];
  knows = true;
  refusal: KubeError | undefined;

  readonly deps: ResourceDeps = {
    objects: {
      apply: async (manifest: CustomManifest) => {
        this.#check();
        this.done.push("apply");
        const object: CustomObject = { ...manifest, metadata: { ...manifest.metadata, uid: `uid-${this.done.length}` } };
        this.objects.set(manifest.metadata.name, object);
        return object;
      },
      get: async ({ name }) => {
        this.#check();
        return this.objects.get(name);
      },
      delete: async ({ name, uid }) => {
        this.done.push(`delete ${uid}`);
        return this.objects.delete(name) ? "deleted" : "gone";
      },
    } satisfies CustomObjects,
    ledger: {
      note: async made => void this.made.set(keyOf(made), made),
      find: async owner => this.made.get(keyOf(owner)),
      forget: async owner => void this.made.delete(keyOf(owner)),
    },
    defaultNamespace: "jobs",
    instance: "windlass",
    lookEveryMs: 10_000,
    limits: { configGraceMs: 0 },
    now: () => NOW,
  };

  #check(): void {
    if (this.refusal) throw this.refusal;
    if (!this.knows) throw new UnknownKind({ apiVersion: "x.example/v1", kind: "Job" });
  }

  /** What its controller writes. */
  phase(phase: string): void {
    for (const [name, object] of this.objects) this.objects.set(name, { ...object, status: { phase } });
  }

  get only(): CustomObject {
    assert.equal(this.objects.size, 1);
    return [...this.objects.values()][0]!;
  }

  look(more: { begunAt?: number; infra?: number; task?: object } = {}): Promise<TryEnd> {
    const { task = {}, ...rest } = more;
    return resourceOperator(this.deps)(tryRunOf({ ...TASK, ...task }, rest), CALM);
  }
}

const named = (name: string) => ({ ...TASK.resource, manifest: { ...TASK.resource.manifest, metadata: { name } } });
const keyOf = ({ runId, taskId, try: tryNumber, infra }: Pick<MadeResource, "runId" | "taskId" | "try" | "infra">): string =>
  `${runId} ${taskId} ${tryNumber} ${infra}`;
const said = (end: TryEnd): string =>
  end.type === "ended"
    ? `${end.outcome.result} ${end.outcome.code}`
    : end.type === "stopped"
      ? end.type
      : `${end.type} ${end.code}`;
const finish = async (end: TryEnd): Promise<void> => {
  assert.ok(end.type === "ended");
  await end.after?.(end.outcome);
};

describe("a custom resource", () => {
  it("is made under a computed name with its owner's labels, and looked at again", async () => {
    const world = new World();
    assert.equal(said(await world.look()), "deferred ResourceRunning");
    const { metadata } = world.only;
    assert.match(metadata.name, /^etl-ask-1-/);
    assert.equal(metadata.namespace, "jobs");
    const { labels } = metadata as unknown as CustomManifest["metadata"];
    assert.deepEqual([labels.team, labels["windlass.dev/task"], labels["windlass.dev/instance"]], ["data", "ask", "windlass"]);
    assert.deepEqual(
      [...world.made.values()].map(({ uid }) => uid),
      [metadata.uid],
    );
  });

  it("that is there is adopted, not made again", async () => {
    const world = new World();
    await world.look();
    // A worker that died between the two left no line in the ledger.
    world.made.clear();
    world.phase("Running");
    const end = await world.look();
    assert.deepEqual([said(end), world.done], ["deferred ResourceRunning", ["apply"]]);
    assert.equal(end.type === "deferred" && end.message, "status.phase is Running");
    assert.equal(world.made.size, 1);
  });

  for (const [phase, expected] of [
    ["Done", "success Completed"],
    ["Failed", "failed ResourceFailed"],
    ["Lost", "failed ResourceFailed"],
  ] as const) {
    it(`${phase}: ${expected}, deleted by its uid once that is recorded`, async () => {
      const world = new World();
      await world.look();
      world.phase(phase);
      const end = await world.look();
      assert.deepEqual([said(end), world.done.length], [expected, 1]);
      await finish(end);
      assert.deepEqual([world.done.at(-1), world.objects.size, world.made.size], ["delete uid-1", 0, 0]);
    });
  }

  it("onFinish keep leaves it there, but not when its time is up: it would work on", async () => {
    const keep = { resource: { ...TASK.resource, onFinish: "keep" } };
    const world = new World();
    await world.look({ task: keep });
    world.phase("Done");
    await finish(await world.look({ task: keep }));
    assert.deepEqual([world.objects.size, world.made.size], [1, 0]);
    world.phase("Running");
    const late = await world.look({ task: { ...keep, timeoutMs: 5 }, begunAt: NOW - 5 });
    assert.equal(said(late), "failed Timeout");
    await finish(late);
    assert.equal(world.objects.size, 0);
  });

  it("that vanished is not made again under its try: the try restarts with another name", async () => {
    const world = new World();
    await world.look();
    const { name } = world.only.metadata;
    world.objects.clear();
    const end = await world.look();
    assert.equal(said(end), "failed ResourceVanished");
    assert.equal(end.type === "ended" && end.outcome.blame, "policy");
    assert.equal(said(await world.look({ infra: 1 })), "deferred ResourceRunning");
    assert.notEqual(world.only.metadata.name, name);
  });

  it("of somebody else under its name is left alone", async () => {
    const world = new World();
    await world.look();
    const { metadata, ...rest } = world.only;
    world.objects.set(metadata.name, { ...rest, metadata: { ...metadata, annotations: {} } });
    assert.equal(said(await world.look()), "failed ResourceNameTaken");
    assert.equal(said(await cancelResource(world.deps)(tryRunOf(TASK), CALM)), "cancelled Cancelled");
    assert.equal(world.objects.size, 1);
  });

  it("of a kind that the cluster does not know: failed", async () => {
    const world = new World();
    world.knows = false;
    assert.equal(said(await world.look()), "failed ResourceKindUnknown");
    assert.equal(said(await cancelResource(world.deps)(tryRunOf(TASK), CALM)), "cancelled Cancelled");
  });

  const refusals: readonly (readonly [status: number, message: string, expected: string])[] = [
    [403, 'jobs.x.example is forbidden: User "w" cannot patch resource "jobs"', "postponed NotAllowed"],
    [422, "spec.size: Invalid value", "failed Invalid"],
    [503, "overloaded", "postponed ApiUnavailable"],
  ];
  for (const [status, message, expected] of refusals) {
    it(`refused with ${status}: ${expected}`, async () => {
      const world = new World();
      world.refusal = new KubeError({ status, reason: "", message });
      assert.equal(said(await world.look()), expected);
    });
  }

  it("of a cancelled try is deleted under the name that it got when its texts were rendered", async () => {
    const world = new World();
    await world.look({ task: { resource: named("orders-2026") } });
    const cancel = tryRunOf({ ...TASK, resource: named("orders-{{ run.ds }}") });
    assert.equal(said(await cancelResource(world.deps)(cancel, CALM)), "cancelled Cancelled");
    assert.deepEqual([world.objects.size, world.made.size], [0, 0]);
  });

  it("of a cancelled try is deleted", async () => {
    const world = new World();
    await world.look();
    assert.equal(said(await cancelResource(world.deps)(tryRunOf(TASK), CALM)), "cancelled Cancelled");
    assert.deepEqual([world.objects.size, world.made.size], [0, 0]);
  });
});
