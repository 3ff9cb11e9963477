import { setTimeout as sleep } from "node:timers/promises";

/** The length of a fault: how long something stays away. Not a way to wait for anything. */
export const lasting = (ms: number): Promise<void> => sleep(ms);
