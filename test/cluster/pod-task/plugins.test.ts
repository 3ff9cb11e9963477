import { pluginsContract } from "../../contract/pod-task/plugins-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

pluginsContract("a real cluster", openRealCluster);
