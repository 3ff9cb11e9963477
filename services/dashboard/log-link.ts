import { z } from "zod";
import type { PodRef } from "#core/outcome.ts";

const FIELDS = ["pod", "namespace", "container", "start", "end"] as const;
type Field = (typeof FIELDS)[number];
const isField = (name: string): name is Field => (FIELDS as readonly string[]).includes(name);
const PLACE = /\{(\w+)\}/g;

/** The address of a log in the cluster's own logging, with places in braces. */
export const LogLinkTemplate = z
  .string()
  .regex(/^https?:\/\//, "must begin with http:// or https://")
  .refine(text => [...text.matchAll(PLACE)].every(([, name]) => isField(name!)), {
    error: `knows only ${FIELDS.map(name => `{${name}}`).join(", ")}; write other braces as %7B and %7D`,
  });

export interface LinkedLog {
  pod: Pick<PodRef, "namespace" | "name">;
  container: string;
  /** In ms. */
  startAt: number;
  /** In ms. Of a container that runs: now. */
  endAt: number;
}

/** The address of one log. Values are encoded for URLs. */
export function logLink(template: string, { pod, container, startAt, endAt }: LinkedLog): string {
  const values: Record<Field, string> = {
    pod: pod.name,
    namespace: pod.namespace,
    container,
    start: String(startAt),
    end: String(endAt),
  };
  return template.replace(PLACE, (place, name: string) => (isField(name) ? encodeURIComponent(values[name]) : place));
}
