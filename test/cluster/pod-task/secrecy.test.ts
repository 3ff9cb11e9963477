import { secrecyContract } from "../../contract/pod-task/secrecy-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

secrecyContract("a real cluster", openRealCluster);
