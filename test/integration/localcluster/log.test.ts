import assert from "node:assert/strict";
import { ended, running, shell, TestCluster } from "./cluster-client.ts";

const STAMPED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

describe("localcluster: logs", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start({ maxLogBytes: 100_000 });
  });
  after(() => cluster.close());

  /** Follows a log into an array of lines; `done` resolves at its end. */
  async function following(name: string, query = "") {
    const response = await fetch(`${cluster.cluster.url}/api/v1/namespaces/default/pods/${name}/log?follow=true&${query}`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    return {
      async until(part: string): Promise<void> {
        while (!text.includes(part)) {
          const { value, done } = await reader.read();
          assert.equal(done, false, `the log ended before ${JSON.stringify(part)}: ${text}`);
          text += value;
        }
      },
      async end(): Promise<string[]> {
        for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) text += value;
        return text.split("\n").slice(0, -1);
      },
    };
  }

  it("a follower sees every line once and ends with the container", async () => {
    await cluster.create(shell("follow", "echo first; while [ ! -e go ]; do sleep 0.02; done; echo second; printf half"));
    await cluster.seen("follow", running);
    const follower = await following("follow");
    await follower.until("first\n");
    const { uid } = (await cluster.get("follow")).json.metadata;
    await release(uid);
    assert.deepEqual(await follower.end(), ["first", "second", "half"]);
    assert.equal((await cluster.log("follow")).text, "first\nsecond\nhalf\n");
  });

  /** Creates the file a script waits for, through a second container's eyes: both are processes of this machine. */
  async function release(uid: string): Promise<void> {
    await cluster.create(shell(`touch-${uid.slice(0, 8)}`, `touch ../../${uid}/main/go`));
  }

  it("stamps have nine digits; sinceTime counts whole seconds only", async () => {
    await cluster.create(shell("since", "echo one; sleep 1.1; echo two"));
    await cluster.seen("since", ended);
    const lines = (await cluster.log("since", "timestamps=true")).text.trim().split("\n");
    assert.ok(
      lines.every(line => STAMPED.test(line)),
      lines.join("\n"),
    );
    const stampOf = (index: number): string => lines[index]!.split(" ")[0]!;
    const just = new Date(Date.parse(`${stampOf(1).slice(0, 19)}Z`) + 999).toISOString();
    assert.equal((await cluster.log("since", `sinceTime=${just}`)).text, "two\n");
    const early = `${stampOf(0).slice(0, 19)}.999999999Z`;
    assert.equal((await cluster.log("since", `sinceTime=${early}`)).text, "one\ntwo\n");
    const follower = await following("since", `sinceTime=${just}`);
    assert.deepEqual(await follower.end(), ["two"]);
  });

  it("rotation loses what was before, as on a node", async () => {
    await cluster.create(shell("rotated", "seq 1 20000; echo last"));
    await cluster.seen("rotated", ended);
    const lines = (await cluster.log("rotated")).text.trim().split("\n");
    assert.equal(lines.at(-1), "last");
    assert.ok(lines.length < 20_000);
    assert.notEqual(lines[0], "1");
  });

  it("previous is the run before the restart", async () => {
    const script = "if [ -e again ]; then echo run two; else echo run one; touch again; exit 1; fi";
    await cluster.create(shell("restarted", script, { restartPolicy: "OnFailure" }));
    await cluster.seen("restarted", ended);
    assert.equal((await cluster.log("restarted")).text, "run two\n");
    assert.equal((await cluster.log("restarted", "previous=true")).text, "run one\n");
  });

  const REFUSALS: { query: string; code: number; message: RegExp }[] = [
    { query: "container=zz", code: 400, message: /^container zz is not valid for pod plain$/ },
    { query: "previous=true", code: 400, message: /^previous terminated container "main" in pod "plain" not found$/ },
    { query: "tailLines=-1", code: 422, message: /tailLines: Invalid value: -1: must be greater than or equal to 0$/ },
    { query: "limitBytes=-1", code: 422, message: /limitBytes: Invalid value: -1: must be greater than 0$/ },
    { query: "sinceTime=abc", code: 400, message: /^parsing time "abc" as/ },
    {
      query: "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
      code: 422,
      message: /at most one of `sinceTime` or `sinceSeconds` may be specified$/,
    },
  ];
  for (const { query, code, message } of REFUSALS) {
    it(`refuses ${query}`, async () => {
      if ((await cluster.get("plain")).code === 404) {
        await cluster.create(shell("plain", "true"));
        await cluster.seen("plain", ended);
      }
      const answer = await cluster.log("plain", query);
      assert.equal(answer.code, code);
      assert.match(answer.json.message, message);
    });
  }

  it("several containers need a name", async () => {
    await cluster.create({
      metadata: { name: "two" },
      spec: {
        restartPolicy: "Never",
        containers: [
          { name: "a", image: "busybox" },
          { name: "b", image: "busybox" },
        ],
      },
    });
    assert.equal((await cluster.log("two")).json.message, "a container name must be specified for pod two, choose one of: [a b]");
  });
});
