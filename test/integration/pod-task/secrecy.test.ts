import { secrecyContract } from "../../contract/pod-task/secrecy-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

secrecyContract("the embedded cluster", openEmbeddedCluster);
