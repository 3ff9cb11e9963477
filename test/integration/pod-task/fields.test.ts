import { fieldsContract } from "../../contract/pod-task/fields-contract.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";

fieldsContract("the embedded cluster", openEmbeddedCluster);
