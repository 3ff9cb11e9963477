import { fieldsContract } from "../../contract/pod-task/fields-contract.ts";
import { openRealCluster } from "../../support/real-cluster.ts";

fieldsContract("a real cluster", openRealCluster);
