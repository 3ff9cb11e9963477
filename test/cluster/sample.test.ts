import { sampleContract } from "../contract/journey/sample-contract.ts";
import { openRealCluster } from "../support/real-cluster.ts";

sampleContract("a real cluster", openRealCluster);
