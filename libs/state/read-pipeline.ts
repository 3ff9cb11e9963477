import type { ChainableCommander } from "ioredis";

/** Sends a pipeline and returns its replies in order. Throws the first error among them. */
export async function readPipeline(pipeline: ChainableCommander): Promise<unknown[]> {
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}
