import { z } from "zod";
import { DagParams } from "./dag.ts";

export const LayoutParams = DagParams.extend({ version: z.string().min(1).max(200) });

/** In units of the drawing, from its top left corner. */
const Box = { x: z.number(), y: z.number(), width: z.number(), height: z.number() };

/** Where a version's tasks, groups and edges lie in a drawing of it that is read from left to right. */
export const LayoutReply = z.object({
  version: z.string(),
  width: z.number(),
  height: z.number(),
  /** In the order of the DAG's file. A mapped task is one node. */
  nodes: z.array(z.object({ id: z.string(), ...Box, group: z.string().optional() })),
  /** Outer ones before those inside them. */
  groups: z.array(z.object({ id: z.string(), label: z.string(), ...Box, parent: z.string().optional() })),
  /** `points`: x and y by turns, the first at the upstream's side and the last at the downstream's. */
  edges: z.array(z.object({ from: z.string(), to: z.string(), points: z.array(z.number()) })),
});
export type LayoutReply = z.infer<typeof LayoutReply>;
