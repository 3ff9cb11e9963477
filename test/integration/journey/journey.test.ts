import { journeyContract } from "../../contract/journey/journey-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

journeyContract("the embedded cluster", openEmbeddedCluster);
