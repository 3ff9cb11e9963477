import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { ended, isAlive, type Json, mainState, podOf, running, shell, TestCluster, type WatchLine } from "./cluster-client.ts";

/** One word per update of a pod: its phase and what its containers do. */
function story(lines: WatchLine[]): string[] {
  const word = ({ name, state }: Json): string => {
    const [kind, detail] = Object.entries(state as Record<string, Json>)[0]!;
    return `${name}:${kind === "running" ? "running" : `${detail.reason}${kind === "terminated" ? `(${detail.exitCode})` : ""}`}`;
  };
  const told = lines.map(({ type, object: { metadata, status } }) => {
    const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    const dying = metadata.deletionTimestamp === undefined ? [] : [`grace ${metadata.deletionGracePeriodSeconds}`];
    return [type === "DELETED" ? "DELETED" : "", status.phase, status.reason ?? "", ...dying, ...statuses.map(word)]
      .filter(Boolean)
      .join(" ");
  });
  return told.filter((line, index) => line !== told[index - 1]);
}

describe("localcluster: a pod's life", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ backOffMs: 40 });
  });
  after(() => cluster.close());

  // The updates a kubelet 1.34 with containerd wrote for the same pods.
  const LIVES: { title: string; pod: Json; story: string[]; conditions?: Record<string, string> }[] = [
    {
      title: "success: the container's end comes before the phase",
      pod: shell("ok", "echo hi"),
      story: [
        "Pending",
        "Pending main:ContainerCreating",
        "Running main:running",
        "Running main:Completed(0)",
        "Succeeded main:Completed(0)",
      ],
      conditions: { Ready: "PodCompleted", ContainersReady: "PodCompleted", Initialized: "PodCompleted" },
    },
    {
      title: "failure",
      pod: shell("fail", "exit 3"),
      story: [
        "Pending",
        "Pending main:ContainerCreating",
        "Running main:running",
        "Running main:Error(3)",
        "Failed main:Error(3)",
      ],
      conditions: { Ready: "PodFailed", ContainersReady: "PodFailed" },
    },
    {
      title: "an init container, then two containers",
      pod: podOf("init", { command: ["true"] }, { initContainers: [{ name: "setup", image: "busybox", command: ["true"] }] }),
      story: [
        "Pending",
        "Pending setup:PodInitializing main:PodInitializing",
        "Pending setup:running main:PodInitializing",
        "Pending setup:Completed(0) main:PodInitializing",
        "Running setup:Completed(0) main:running",
        "Running setup:Completed(0) main:Completed(0)",
        "Succeeded setup:Completed(0) main:Completed(0)",
      ],
    },
    {
      title: "a failed init container",
      pod: podOf(
        "initfail",
        { command: ["true"] },
        { initContainers: [{ name: "setup", image: "busybox", command: ["sh", "-c", "exit 2"] }] },
      ),
      story: [
        "Pending",
        "Pending setup:PodInitializing main:PodInitializing",
        "Pending setup:running main:PodInitializing",
        "Pending setup:Error(2) main:PodInitializing",
        "Failed setup:Error(2) main:PodInitializing",
      ],
    },
    {
      title: "a native sidecar is stopped behind the main container",
      pod: podOf(
        "sidecar",
        { command: ["true"] },
        { initContainers: [{ name: "proxy", image: "busybox", restartPolicy: "Always", command: ["sleep", "1000"] }] },
      ),
      story: [
        "Pending",
        "Pending proxy:PodInitializing main:PodInitializing",
        "Pending proxy:running main:PodInitializing",
        "Running proxy:running main:running",
        "Running proxy:running main:Completed(0)",
        "Running proxy:Error(143) main:Completed(0)",
        "Succeeded proxy:Error(143) main:Completed(0)",
      ],
    },
    {
      title: "no such command in the image",
      pod: podOf("starterror", { image: "debian:12-slim", command: ["python", "-c", "print(1)"] }),
      story: ["Pending", "Pending main:ContainerCreating", "Pending main:StartError(128)", "Failed main:StartError(128)"],
    },
    {
      title: "longer than activeDeadlineSeconds",
      pod: shell("deadline", "sleep 100", { activeDeadlineSeconds: 1 }),
      story: [
        "Pending",
        "Pending main:ContainerCreating",
        "Running main:running",
        "Running main:Error(143)",
        "Failed DeadlineExceeded main:Error(143)",
      ],
    },
    {
      title: "a restart, then a back-off, then success",
      pod: shell("again", "echo x >> runs; test $(wc -l < runs) -ge 3", { restartPolicy: "OnFailure" }),
      story: [
        "Pending",
        "Pending main:ContainerCreating",
        "Running main:running",
        "Running main:Error(1)",
        "Running main:running",
        "Running main:Error(1)",
        "Running main:CrashLoopBackOff",
        "Running main:running",
        "Running main:Completed(0)",
        "Succeeded main:Completed(0)",
      ],
    },
  ];
  for (const life of LIVES) {
    it(life.title, async () => {
      const { name } = life.pod.metadata;
      const watching = cluster.watch(`fieldSelector=metadata.name=${name}`);
      await cluster.create(life.pod);
      const lines = await watching.until(all => all.some(line => ended(line.object)));
      assert.deepEqual(story(lines), life.story);
      const conditions = Object.fromEntries(lines.at(-1)!.object.status.conditions.map((one: Json) => [one.type, one.reason]));
      for (const [type, reason] of Object.entries(life.conditions ?? {})) assert.equal(conditions[type], reason, type);
      watching.stop();
    });
  }

  it("a native sidecar that cannot be started is started again and again, and what is behind it waits", async () => {
    const sidecar = { name: "proxy", image: "busybox", restartPolicy: "Always", command: ["no-such-program"] };
    const watching = cluster.watch("fieldSelector=metadata.name=stuck");
    await cluster.create(podOf("stuck", { command: ["true"] }, { initContainers: [sidecar], terminationGracePeriodSeconds: 0 }));
    const restarts = ({ object }: WatchLine) => object.status.initContainerStatuses?.[0].restartCount ?? 0;
    const lines = await watching.until(all => all.some(line => restarts(line) >= 3));
    assert.deepEqual(
      new Set(story(lines)),
      new Set([
        "Pending",
        "Pending proxy:PodInitializing main:PodInitializing",
        "Pending proxy:StartError(128) main:PodInitializing",
      ]),
    );
    watching.stop();
    await cluster.call("DELETE", "/api/v1/namespaces/default/pods/stuck");
  });

  it("a deletion has two phases: the containers stop, the pod says so, then it goes", async () => {
    await cluster.create(shell("deleted", "sleep 100"));
    await cluster.seen("deleted", running);
    const { resourceVersion } = (await cluster.get("deleted")).json.metadata;
    const watching = cluster.watch(`fieldSelector=metadata.name=deleted&resourceVersion=${resourceVersion}`);
    const answer = await cluster.call("DELETE", "/api/v1/namespaces/default/pods/deleted");
    assert.equal(answer.json.metadata.deletionGracePeriodSeconds, 5);
    const lines = await watching.until(all => all.some(({ type }) => type === "DELETED"));
    assert.deepEqual(story(lines), [
      "Running grace 5 main:running",
      "Running grace 5 main:Error(143)",
      "Failed grace 5 main:Error(143)",
      "Failed grace 0 main:Error(143)",
      "DELETED Failed grace 0 main:Error(143)",
    ]);
    assert.equal((await cluster.get("deleted")).code, 404);
  });

  it("what ignores SIGTERM is killed after its grace", async () => {
    await cluster.create(
      shell("stubborn", "trap '' TERM; echo ready; while :; do sleep 0.05; done", { terminationGracePeriodSeconds: 1 }),
    );
    await cluster.seen("stubborn", running);
    const watching = cluster.watch("fieldSelector=metadata.name=stubborn");
    await cluster.call("DELETE", "/api/v1/namespaces/default/pods/stubborn");
    const lines = await watching.until(all => all.some(({ type }) => type === "DELETED"));
    assert.equal(mainState(lines.at(-1)!.object).terminated.exitCode, 137);
  });

  it("a pod that handles SIGTERM and exits 0 has Succeeded", async () => {
    await cluster.create(shell("polite", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"));
    await cluster.seen("polite", running);
    await until(async () => (await cluster.log("polite")).text.includes("ready"));
    const watching = cluster.watch("fieldSelector=metadata.name=polite");
    await cluster.call("DELETE", "/api/v1/namespaces/default/pods/polite");
    const lines = await watching.until(all => all.some(({ type }) => type === "DELETED"));
    assert.equal(lines.at(-1)!.object.status.phase, "Succeeded");
  });

  // "$$$$" is what a shell sees as "$$": Kubernetes makes "$" of "$$".
  const ENDS: { title: string; script: string; exitCode: number; message?: string; container?: Json }[] = [
    { title: "killed by SIGKILL", script: "kill -9 $$$$", exitCode: 137 },
    { title: "killed by SIGTERM", script: "kill -TERM $$$$", exitCode: 143 },
    {
      title: "a termination message by its usual path",
      script: "echo '{\"rows\":3}' > /dev/termination-log",
      exitCode: 0,
      message: '{"rows":3}\n',
    },
    {
      title: "a termination message by TERMINATION_MESSAGE_PATH",
      script: 'printf x > "$TERMINATION_MESSAGE_PATH"',
      exitCode: 0,
      message: "x",
    },
    {
      title: "the log as message of a failure",
      script: "echo l1; echo l2; exit 3",
      exitCode: 3,
      message: "l1\nl2\n",
      container: { terminationMessagePolicy: "FallbackToLogsOnError" },
    },
  ];
  for (const [index, end] of ENDS.entries()) {
    it(end.title, async () => {
      const name = `end-${index}`;
      await cluster.create(podOf(name, { command: ["sh", "-c", end.script], ...end.container }));
      const lines = await cluster.seen(name, ended);
      const { exitCode, message, startedAt, finishedAt } = mainState(lines.at(-1)!.object).terminated;
      assert.deepEqual([exitCode, message], [end.exitCode, end.message]);
      assert.match(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.match(finishedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });
  }

  it("the environment is the container's own and nothing of ours", async () => {
    process.env.WINDLASS_TEST_LEAK = "leaked";
    await cluster.create(
      podOf("env", {
        command: ["env"],
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "$(A)2 $(NOPE) $$(A)" },
        ],
      }),
    );
    await cluster.seen("env", ended);
    delete process.env.WINDLASS_TEST_LEAK;
    const variables = Object.fromEntries(
      (await cluster.log("env")).text
        .trim()
        .split("\n")
        .map(line => line.split(/=(.*)/s)),
    );
    assert.deepEqual(Object.keys(variables).sort(), ["A", "B", "HOME", "HOSTNAME", "PATH", "TERMINATION_MESSAGE_PATH"]);
    assert.deepEqual([variables.A, variables.B, variables.HOSTNAME], ["1", "12 $(NOPE) $(A)", "env"]);
  });

  it("volumes are found by their mount paths in the command", async () => {
    await cluster.call("POST", "/api/v1/namespaces/default/secrets", {
      metadata: { name: "files" },
      stringData: { "key.txt": "s3cret" },
    });
    const mounts = [
      { name: "scratch", mountPath: "/data" },
      { name: "files", mountPath: "/etc/files" },
    ];
    const spec = {
      volumes: [
        { name: "scratch", emptyDir: {} },
        { name: "files", secret: { secretName: "files" } },
      ],
      initContainers: [{ name: "write", image: "busybox", command: ["sh", "-c", "echo shared > /data/x"], volumeMounts: mounts }],
    };
    await cluster.create(
      podOf("volumes", { command: ["sh", "-c", "cat /data/x /etc/files/key.txt"], volumeMounts: mounts }, spec),
    );
    await cluster.seen("volumes", ended);
    assert.equal((await cluster.log("volumes", "container=main")).text, "shared\ns3cret\n");
  });

  it("a missing secret is named, and its arrival starts the container", async () => {
    const env = [{ name: "K", valueFrom: { secretKeyRef: { name: "late", key: "k" } } }];
    await cluster.create(podOf("waits", { command: ["sh", "-c", 'echo "$K"'], env }));
    const waiting = async (message: string) => {
      const lines = await cluster.seen("waits", pod => mainState(pod)?.waiting?.message === message);
      assert.equal(mainState(lines.at(-1)!.object).waiting.reason, "CreateContainerConfigError");
    };
    await waiting('secret "late" not found');
    await cluster.call("POST", "/api/v1/namespaces/default/secrets", { metadata: { name: "late" }, stringData: { other: "1" } });
    await waiting("couldn't find key k in Secret default/late");
    await cluster.call(
      "PATCH",
      "/api/v1/namespaces/default/secrets/late",
      { stringData: { k: "here" } },
      { "content-type": "application/merge-patch+json" },
    );
    await cluster.seen("waits", ended);
    assert.equal((await cluster.log("waits")).text, "here\n");
  });

  it("a missing secret volume keeps it in ContainerCreating; only an event tells", async () => {
    const spec = { volumes: [{ name: "v", secret: { secretName: "nope" } }] };
    await cluster.create(podOf("novolume", { command: ["true"], volumeMounts: [{ name: "v", mountPath: "/v" }] }, spec));
    await until(async () => {
      const { json } = await cluster.call(
        "GET",
        "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=novolume,reason=FailedMount",
      );
      return json.items[0]?.message === 'MountVolume.SetUp failed for volume "v" : secret "nope" not found';
    });
    assert.equal(mainState((await cluster.get("novolume")).json).waiting.reason, "ContainerCreating");
  });

  const WAITS: { image: string; reason: string; policy?: string; message: RegExp }[] = [
    { image: "nosuch/image:1", reason: "ErrImagePull", message: /^failed to pull and unpack image "docker.io\/nosuch\/image:1"/ },
    {
      image: "nosuch/image:2",
      reason: "ImagePullBackOff",
      message: /^Back-off pulling image "nosuch\/image:2": ErrImagePull: failed/,
    },
    { image: "nosuch:3", policy: "Never", reason: "ErrImageNeverPull", message: /is not present with pull policy of Never$/ },
    { image: "Python:3.6", reason: "InvalidImageName", message: /repository name \(library\/Python\) must be lowercase$/ },
  ];
  for (const { image, reason, policy, message } of WAITS) {
    it(`${image} waits with ${reason}`, async () => {
      const name = reason.toLowerCase();
      await cluster.create(podOf(name, { image, command: ["true"], ...(policy ? { imagePullPolicy: policy } : {}) }));
      const lines = await cluster.seen(name, pod => mainState(pod)?.waiting?.reason === reason);
      const pod = lines.find(line => mainState(line.object)?.waiting?.reason === reason)!.object;
      assert.match(mainState(pod).waiting.message, message);
      assert.equal(pod.status.phase, "Pending");
    });
  }

  it("a python image runs this machine's Python, or says that there is none", async () => {
    await cluster.create(podOf("python", { image: "python:3.12-slim", command: ["python", "-c", "print('from python')"] }));
    const lines = await cluster.seen("python", pod => ended(pod) || mainState(pod)?.waiting?.reason === "ErrImagePull");
    const { waiting } = mainState(lines.at(-1)!.object);
    if (waiting) assert.match(waiting.message, /this machine has no python3/);
    else assert.equal((await cluster.log("python")).text, "from python\n");
  });

  it("a node image runs this Node", async () => {
    await cluster.create(podOf("node", { image: "node:24", args: ["-p", "process.version"] }));
    await cluster.seen("node", ended);
    assert.equal((await cluster.log("node")).text, `${process.version}\n`);
  });

  it("a pod that may not be root is refused like on a real node", async () => {
    await cluster.create(podOf("root", { command: ["true"] }, { securityContext: { runAsNonRoot: true } }));
    const lines = await cluster.seen("root", pod => mainState(pod)?.waiting?.reason === "CreateContainerConfigError");
    assert.match(mainState(lines.at(-1)!.object).waiting.message, /^container has runAsNonRoot and image will run as root/);
  });

  it("no node fits a strange nodeSelector", async () => {
    await cluster.create(podOf("nowhere", { command: ["true"] }, { nodeSelector: { disk: "ssd" } }));
    const lines = await cluster.seen("nowhere", pod => pod.status.conditions?.[0]?.reason === "Unschedulable");
    assert.match(lines.at(-1)!.object.status.conditions[0].message, /^0\/1 nodes are available/);
    await cluster.call("DELETE", "/api/v1/namespaces/default/pods/nowhere");
    assert.equal((await cluster.get("nowhere")).code, 404);
  });
});

describe("localcluster: close", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start();
  });
  after(() => cluster.close());

  it("kills every process, also the children of containers, and removes its files", async () => {
    await cluster.create(shell("family", "sleep 1000 & echo $$$$ $!; wait"));
    await cluster.seen("family", running);
    await until(async () => /\d+ \d+\n/.test((await cluster.log("family")).text));
    const { text } = await cluster.log("family");
    const pids = text.trim().split(" ").map(Number);
    await cluster.create(podOf("where", { command: ["pwd"] }));
    await cluster.seen("where", ended);
    const directory = (await cluster.log("where")).text.trim();
    assert.ok(existsSync(directory));
    assert.ok(pids.every(isAlive));
    await cluster.close();
    assert.deepEqual(pids.filter(isAlive), []);
    assert.equal(existsSync(directory), false);
  });
});

/** Polls a condition that no event tells of; fails after 10 s. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, "condition did not hold in time");
    await new Promise(resolve => setImmediate(resolve));
  }
}
