import { Document, isCollection, isScalar, visit } from "yaml";
import { isObject } from "./object-fields.ts";
import type { Provenance } from "./provenance.ts";

/** The pod as YAML; behind every value stands the layer that set it. */
export function printPodYaml(pod: object, provenance: Provenance): string {
  const document = new Document(pod, { aliasDuplicateObjects: false });
  for (const { path, layer } of provenance.leaves.values()) {
    const node = document.getIn(stepsOf(pod, path), true);
    if (isScalar(node) || isCollection(node)) node.comment = ` ${layer}`;
  }
  visit(document, {
    Scalar: (_, node) => {
      // A comment behind a text of several lines would be part of the text.
      if (typeof node.value === "string" && node.value.includes("\n")) node.comment = null;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** A path as the API server writes it, as steps: `spec.containers[0].resources.limits[memory]`. */
function stepsOf(pod: object, path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let at: unknown = pod;
  let rest = path;
  while (rest !== "") {
    const [whole = rest, bracket, field] = /^\[([^\]]*)\]|^\.?([^.[\]]+)/.exec(rest) ?? [];
    const step = bracket ?? field ?? rest;
    steps.push(Array.isArray(at) ? Number(step) : step);
    at = isObject(at) || Array.isArray(at) ? (at as Record<string, unknown>)[step] : undefined;
    rest = rest.slice(whole.length);
  }
  return steps;
}
