import { pluginsContract } from "../../contract/pod-task/plugins-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

pluginsContract("the embedded cluster", openEmbeddedCluster);
