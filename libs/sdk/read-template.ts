import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import type { Place } from "#core/errors.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { Problem } from "./problem.ts";

type PodYaml = typeof import("#core/pod/pod-yaml.ts");

/** Reading YAML costs a quarter of what loading a DAG file does, and few files have a template. */
const podYaml = (): PodYaml => createRequire(import.meta.url)("../core/pod/pod-yaml.ts") as PodYaml;

/**
 * Reads a pod template, a YAML file beside the DAG file.
 * @param name relative to the DAG file
 */
export function readTemplate(name: string, place: Place): { patch: PodPatch } | { problems: Problem[] } {
  const file = resolve(dirname(place.file ?? "."), name);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const message = `option podTemplate: ${name} cannot be read: ${(error as Error).message}`;
    return { problems: [{ code: "WL_DAG_TYPE", message, place }] };
  }
  const parsed = podYaml().parsePodYaml(text);
  if ("patch" in parsed) return parsed;
  const problems = parsed.problems.map(({ line, message }) => ({
    code: "WL_DAG_TYPE" as const,
    message,
    place: { file, ...(line === undefined ? {} : { line }) },
  }));
  return { problems };
}
