import { silentWatchContract } from "../contract/worker/silent-watch-contract.ts";
import { openEmbeddedCluster } from "../support/embedded-cluster.ts";

silentWatchContract("the embedded cluster", openEmbeddedCluster);
