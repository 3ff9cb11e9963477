import { resultsContract } from "../../contract/pod-task/results-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

resultsContract("a real cluster", openRealCluster);
