import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { isAlive, shell } from "./cluster-client.ts";

const MAIN = fileURLToPath(new URL("../../../libs/localcluster/main.ts", import.meta.url));

describe("localcluster: as its own process", () => {
  let directory: string;
  let server: ChildProcess;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "windlass-main-"));
  });
  afterEach(() => {
    server.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts it and a pod that stays; returns the process of the pod. */
  async function startWithPod(env: Record<string, string>): Promise<number> {
    server = spawn(process.execPath, [MAIN], {
      env: { WINDLASS_LOCALCLUSTER_PORT: "0", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const output = server.stdout as Readable;
    let said = "";
    for await (const chunk of output.iterator({ destroyOnReturn: false })) {
      said += chunk;
      if (/there is NO isolation/.test(said)) break;
    }
    const pods = `${/on (http:[^\s,]+)/.exec(said)![1]}/api/v1/namespaces/default/pods`;
    const body = JSON.stringify(shell("stays", "echo $$$$; sleep 1000"));
    await fetch(pods, { method: "POST", body, headers: { "content-type": "application/json" } });
    const follow = async (): Promise<number> => {
      const response = await fetch(`${pods}/stays/log?follow=true`);
      if (response.status !== 200) return follow();
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) return Number(chunk);
      return 0;
    };
    const pid = await follow();
    assert.ok(isAlive(pid));
    return pid;
  }

  it("writes a kubeconfig, and SIGTERM ends it with all its containers", async () => {
    const kubeconfig = join(directory, "kubeconfig");
    const pid = await startWithPod({
      WINDLASS_LOCALCLUSTER_KUBECONFIG: kubeconfig,
      WINDLASS_LOCALCLUSTER_SERVER: "http://localcluster:6443",
      WINDLASS_LOCALCLUSTER_DATA: join(directory, "data"),
    });
    assert.equal(JSON.parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server, "http://localcluster:6443");
    server.kill("SIGTERM");
    const [code] = await once(server, "exit");
    assert.equal(code, 0);
    assert.equal(isAlive(pid), false);
    assert.deepEqual(readdirSync(join(directory, "data")), []);
  });

  it("not even SIGKILL leaves a container or a file behind", async () => {
    const pid = await startWithPod({ TMPDIR: directory });
    const [temporary] = readdirSync(directory);
    server.kill("SIGKILL");
    const deadline = Date.now() + 10_000;
    while (isAlive(pid) || existsSync(join(directory, temporary!))) {
      assert.ok(Date.now() < deadline, "the container or its files are still there");
      await new Promise(resolve => setImmediate(resolve));
    }
  });
});
