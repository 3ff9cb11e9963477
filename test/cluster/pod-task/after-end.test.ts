import { afterEndContract } from "../../contract/pod-task/after-end-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

afterEndContract("a real cluster", openRealCluster);
