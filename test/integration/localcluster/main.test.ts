import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive, shell } from "./cluster-client.ts";

const MAIN = fileURLToPath(new URL("../../../libs/localcluster/main.ts", import.meta.url));

describe("localcluster: as its own process", () => {
  it("writes a kubeconfig, and SIGTERM ends it with all its containers", async () => {
    const directory = mkdtempSync(join(tmpdir(), "windlass-main-"));
    const kubeconfig = join(directory, "kubeconfig");
    const server = spawn(process.execPath, [MAIN], {
      env: {
        WINDLASS_LOCALCLUSTER_PORT: "0",
        WINDLASS_LOCALCLUSTER_KUBECONFIG: kubeconfig,
        WINDLASS_LOCALCLUSTER_SERVER: "http://localcluster:6443",
        WINDLASS_LOCALCLUSTER_DATA: join(directory, "data"),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let said = "";
      server.stdout.setEncoding("utf8");
      for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
        said += chunk;
        if (/isolation/.test(said)) break;
      }
      assert.match(said, /there is NO isolation/);
      const url = /on (http:\S+),/.exec(said)![1]!;
      assert.equal(JSON.parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server, "http://localcluster:6443");

      const pods = `${url}/api/v1/namespaces/default/pods`;
      await fetch(pods, {
        method: "POST",
        body: JSON.stringify(shell("stays", "echo $$$$; sleep 1000")),
        headers: { "content-type": "application/json" },
      });
      const follow = async (): Promise<number> => {
        const response = await fetch(`${pods}/stays/log?follow=true`);
        if (response.status !== 200) return follow();
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) return Number(chunk);
        return 0;
      };
      const pid = await follow();
      assert.ok(isAlive(pid));

      server.kill("SIGTERM");
      const [code] = await once(server, "exit");
      assert.equal(code, 0);
      assert.equal(isAlive(pid), false);
      assert.deepEqual(readdirSync(join(directory, "data")), []);
    } finally {
      server.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
