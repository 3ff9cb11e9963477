import type { TaskSpecInput } from "#core/task-spec.ts";
import type { TestCluster } from "../../support/test-cluster.ts";

/** A cluster with many pods that run until they are let go. */
export interface CrowdedCluster extends TestCluster {
  /** How many pods that say nothing. */
  quietCount: number;
  quiet(id: string): TaskSpecInput;
  /** A pod that writes numbered lines all the time, and at its end how many they were. */
  talker(id: string): TaskSpecInput;
  /** Ends them all; `talkers` are the names of the talkers' pods. */
  letGo(talkers: readonly string[]): Promise<void>;
}

/** Prints "line 1", "line 2" and so on until the file is there; then "total" and their number. */
export const talkUntil = (file: string): string =>
  `i=0; until [ -e ${file} ]; do i=$((i + 1)); echo line $i; sleep 0.05; done; echo total $i`;
