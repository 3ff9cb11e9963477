import { afterEndContract } from "../../contract/pod-task/after-end-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

afterEndContract("the embedded cluster", openEmbeddedCluster);
