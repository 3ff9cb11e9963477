import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** A custom resource that a try has made: enough to find and delete it without the task. */
export interface MadeResource {
  runId: string;
  taskId: string;
  try: number;
  infra: number;
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  /** The cluster's name; absent: the workers' own. */
  cluster?: string;
  /** It stays after its try. */
  keep?: true;
}

type Owner = Pick<MadeResource, "runId" | "taskId" | "try" | "infra">;

/** The custom resources that tries have made and nobody has deleted yet, whoever lives or dies meanwhile. */
export interface ResourceLedger {
  note(resource: MadeResource): Promise<void>;
  find(owner: Owner): Promise<MadeResource | undefined>;
  forget(owner: Owner): Promise<void>;
  all(): Promise<MadeResource[]>;
}

const fieldOf = ({ runId, taskId, try: tryNumber, infra }: Owner): string => `${runId}~${taskId}~${tryNumber}.${infra}`;

export function openResourceLedger(redis: Redis, keys: Keys): ResourceLedger {
  return {
    async note(resource) {
      await redis.hset(keys.resources, fieldOf(resource), JSON.stringify(resource));
    },
    async find(owner) {
      const text = await redis.hget(keys.resources, fieldOf(owner));
      return text === null ? undefined : (JSON.parse(text) as MadeResource);
    },
    async forget(owner) {
      await redis.hdel(keys.resources, fieldOf(owner));
    },
    async all() {
      return (await redis.hvals(keys.resources)).map(text => JSON.parse(text) as MadeResource);
    },
  };
}
