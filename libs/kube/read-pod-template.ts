import { readFile } from "node:fs/promises";
import { WindlassError } from "#core/errors.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import { parsePodYaml } from "#core/pod/pod-yaml.ts";

/**
 * The installation's pod template: a YAML file with a Pod, or any part of one, that is laid under every task's pod.
 * @throws WL_CONFIG listing every mistake with its line
 */
export async function readPodTemplate(file: string): Promise<PodPatch> {
  const refuse = (reasons: readonly string[]) =>
    new WindlassError("WL_CONFIG", `WINDLASS_POD_TEMPLATE: ${reasons.join("; ")}`, { place: { file } });
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw refuse([`the file cannot be read: ${(error as Error).message}`]);
  }
  const parsed = parsePodYaml(text);
  if ("problems" in parsed)
    throw refuse(parsed.problems.map(({ line, message }) => `${file}${line === undefined ? "" : `:${line}`}: ${message}`));
  const problems = layerProblems([{ name: "installation", patch: parsed.patch }]);
  if (problems.length > 0) throw refuse(problems.map(({ message }) => `${file}: ${message}`));
  return parsed.patch;
}
