import { LineCounter, parseDocument } from "yaml";
import { fieldProblems } from "./field-problems.ts";
import type { PodPatch } from "./pod-patch.ts";

/** A mistake in a YAML file; lines count from 1. */
export interface YamlProblem {
  line: number | undefined;
  message: string;
}

/** A pod template from YAML text: a Pod, or any part of one. Every mistake is told with its line. */
export function parsePodYaml(text: string): { patch: PodPatch } | { problems: YamlProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const lineAt = (offset: number | undefined) => (offset === undefined ? undefined : lines.linePos(offset).line);
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ message, pos }) => ({ line: lineAt(pos[0]), message: message.split("\n")[0]! })) };
  }
  const value: unknown = document.toJS();
  const problems = fieldProblems(value, "Pod", { patch: true }).map(({ path, unknown, message }) => ({
    line: lineAt(offsetOf(document, unknown === undefined ? path : [...path, unknown])),
    message: `${path.length === 0 ? "" : `${path.join(".")}: `}${message}`,
  }));
  return problems.length > 0 ? { problems } : { patch: value as PodPatch };
}

/** Where the innermost node on the path begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly (string | number)[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return undefined;
}
