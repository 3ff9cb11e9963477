import { journeyContract } from "../contract/journey/journey-contract.ts";
import { openRealCluster } from "../support/real-cluster.ts";

journeyContract("a real cluster", openRealCluster);
