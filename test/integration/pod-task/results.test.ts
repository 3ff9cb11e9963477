import { resultsContract } from "../../contract/pod-task/results-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

resultsContract("the embedded cluster", openEmbeddedCluster);
