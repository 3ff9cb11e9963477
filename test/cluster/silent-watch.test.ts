import { silentWatchContract } from "../contract/worker/silent-watch-contract.ts";
import { openRealCluster } from "../support/real-cluster.ts";

silentWatchContract("a real cluster", openRealCluster);
