import { logsContract } from "../../contract/logs/logs-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

logsContract("a real cluster", openRealCluster, { rotationMs: 15_000 });
