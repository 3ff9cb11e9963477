import { logsContract } from "../../contract/logs/logs-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

logsContract("the embedded cluster", openEmbeddedCluster, { rotationMs: 100 });
