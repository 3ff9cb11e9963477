import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrowdedCluster, talkUntil } from "../../contract/rollout/crowd.ts";
import { rolloutContract } from "../../contract/rollout/rollout-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";

/** Containers are processes of this machine: a pipe holds the quiet ones, a file ends the talkers. */
async function openCrowdedCluster(): Promise<CrowdedCluster> {
  const cluster = await openEmbeddedCluster();
  const gate = openGate();
  const dir = mkdtempSync(join(tmpdir(), "windlass-crowd-"));
  const silence = join(dir, "silence");
  return {
    ...cluster,
    quietCount: 60,
    quiet: id => shell(id, `${gate.wait}; true`),
    talker: id => shell(id, talkUntil(silence)),
    async letGo() {
      writeFileSync(silence, "");
      gate.open();
    },
    async close() {
      gate.open();
      await cluster.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

rolloutContract("the embedded cluster", openCrowdedCluster);
