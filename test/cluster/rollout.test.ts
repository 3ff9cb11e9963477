import { type CrowdedCluster, talkUntil } from "../contract/rollout/crowd.ts";
import { rolloutContract } from "../contract/rollout/rollout-contract.ts";
import { shell } from "../support/fleet.ts";
import { addPlayedNodes, PLAYED, RUN_FOR_ANNOTATION, removePlayedNodes } from "../support/played-nodes.ts";
import { openRealCluster } from "../support/real-cluster.ts";

const SILENCE = "/tmp/silence";

/** Many pods are played, the talkers are real: only they have logs. */
async function openCrowdedCluster(): Promise<CrowdedCluster> {
  const cluster = await openRealCluster();
  await addPlayedNodes(5);
  return {
    ...cluster,
    quietCount: 200,
    quiet: id => ({
      id,
      operator: "pod",
      logs: false,
      pod: { image: "busybox:1.36", ...PLAYED, annotations: { [RUN_FOR_ANNOTATION]: "1h" } },
    }),
    talker: id => shell(id, talkUntil(SILENCE)),
    async letGo(talkers) {
      // First these: a pod of the list that ended meanwhile would be an error.
      await cluster.kubectl("annotate", "pods", "--all", "--overwrite", `${RUN_FOR_ANNOTATION}=1ms`);
      await Promise.all(talkers.map(pod => cluster.kubectl("exec", pod, "--", "touch", SILENCE)));
    },
    async close() {
      await removePlayedNodes(cluster);
      await cluster.close();
    },
  };
}

rolloutContract("a real cluster", openCrowdedCluster);
