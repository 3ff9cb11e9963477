import { nearest } from "../nearest.ts";
import { isTemplate } from "../template/parse-text.ts";
import { mergeKeyOf } from "./merge-keys.ts";
import { fieldType, isMapType, isObject, itemTypeOf, type JsonObject, OBJECT_FIELDS } from "./object-fields.ts";

/** One thing that Kubernetes would refuse. */
export interface FieldProblem {
  path: (string | number)[];
  /** The field that is unknown, when that is the problem. */
  unknown?: string;
  message: string;
}

export interface FieldCheck {
  /** A strategic-merge patch: directives and null are allowed, items of merged lists need their key. Default: false. */
  patch?: boolean;
}

/** The words that a field knows. Fields of which Kubernetes lets others add words are not here. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "PodSpec.dnsPolicy": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
  "PodSpec.restartPolicy": ["Always", "OnFailure", "Never"],
  "PodSpec.preemptionPolicy": ["PreemptLowerPriority", "Never"],
  "Container.imagePullPolicy": ["Always", "IfNotPresent", "Never"],
  "Container.terminationMessagePolicy": ["File", "FallbackToLogsOnError"],
  "Toleration.operator": ["Exists", "Equal"],
  "Toleration.effect": ["NoSchedule", "PreferNoSchedule", "NoExecute"],
  "ContainerPort.protocol": ["TCP", "UDP", "SCTP"],
  "TopologySpreadConstraint.whenUnsatisfiable": ["DoNotSchedule", "ScheduleAnyway"],
  "NodeSelectorRequirement.operator": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
  "LabelSelectorRequirement.operator": ["In", "NotIn", "Exists", "DoesNotExist"],
  "SeccompProfile.type": ["Localhost", "RuntimeDefault", "Unconfined"],
  "PodSecurityContext.fsGroupChangePolicy": ["Always", "OnRootMismatch"],
  "VolumeMount.mountPropagation": ["None", "HostToContainer", "Bidirectional"],
};

const QUANTITY = /^[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

interface Scalar {
  fits(value: unknown): boolean;
  expected: string;
}

const isText = (value: unknown): boolean => typeof value === "string";

const SCALARS: Readonly<Record<string, Scalar>> = {
  string: { fits: isText, expected: "string" },
  boolean: { fits: value => typeof value === "boolean", expected: "boolean" },
  int32: { fits: value => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31, expected: "whole number" },
  int64: { fits: Number.isInteger, expected: "whole number" },
  time: { fits: isText, expected: 'instant such as "2026-01-31T06:30:00Z"' },
  intOrString: { fits: value => isText(value) || Number.isInteger(value), expected: "string or whole number" },
  quantity: {
    fits: value => typeof value === "number" || (typeof value === "string" && QUANTITY.test(value)),
    expected: 'quantity such as "250m" or "512Mi"',
  },
  any: { fits: () => true, expected: "anything" },
};

/** What Kubernetes' types do not allow in the value: unknown fields, wrong types, unknown words. Values are never repeated: they may be secrets. */
export function fieldProblems(value: unknown, type: string, { patch = false }: FieldCheck = {}): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report = (path: FieldProblem["path"], message: string) => problems.push({ path, message });

  const visit = (item: unknown, type: string, path: FieldProblem["path"], words?: readonly string[]): void => {
    if (item === undefined || (item === null && patch)) return;
    const scalar = SCALARS[type];
    const itemType = itemTypeOf(type);
    if (scalar !== undefined) {
      // What becomes of a text with an expression is checked when the value is in its place.
      if (typeof item === "string" && isTemplate(item)) return;
      if (!scalar.fits(item)) report(path, `expected ${scalar.expected}, got ${kindOf(item)}`);
      else if (words !== undefined && !words.includes(item as string)) report(path, unknownWord(item as string, words));
    } else if (type.startsWith("[]")) {
      if (!Array.isArray(item)) return void report(path, `expected list, got ${kindOf(item)}`);
      for (const [index, entry] of item.entries()) visit(entry, itemType!, [...path, index]);
    } else if (!isObject(item)) report(path, `expected object, got ${kindOf(item)}`);
    else visitFields(item, type, path);
  };

  const visitFields = (object: JsonObject, type: string, path: FieldProblem["path"]): void => {
    const fields = isMapType(type) ? undefined : OBJECT_FIELDS.types[type];
    for (const [name, item] of Object.entries(object)) {
      if (patch && name.startsWith("$")) {
        const wrong = directiveProblem(name, item);
        if (wrong !== undefined) report(path, wrong);
      } else if (fields !== undefined && fields[name] === undefined) {
        problems.push({ path, unknown: name, message: unknownField(name, Object.keys(fields)) });
      } else {
        visit(item, fieldType(type, name), [...path, name], WORDS[`${type}.${name}`]);
        const key = patch ? mergeKeyOf(type, name) : undefined;
        if (key !== undefined && Array.isArray(item)) checkKeys(item, key, [...path, name]);
      }
    }
  };

  const checkKeys = (list: readonly unknown[], key: string, path: FieldProblem["path"]): void => {
    for (const [index, item] of list.entries()) {
      if (!isObject(item) || (item.$patch === "replace" && Object.keys(item).length === 1)) continue;
      if (item.$patch === "replace")
        report([...path, index], "$patch: replace stands alone in its item and replaces the whole list");
      else if (item[key] === undefined || item[key] === null)
        report([...path, index], `needs '${key}', which tells the items apart`);
    }
  };

  visit(value, type, []);
  if (value === null && patch) report([], "expected object, got null");
  return problems;
}

const DIRECTIVES = ["$patch", "$retainKeys", "$setElementOrder/<list>"];

function directiveProblem(name: string, value: unknown): string | undefined {
  if (name === "$patch") return value === "delete" || value === "replace" ? undefined : "$patch is 'delete' or 'replace'";
  if (name === "$retainKeys" || name.startsWith("$setElementOrder/"))
    return Array.isArray(value) ? undefined : `${name} is a list`;
  return `unknown directive '${name}'; there are ${DIRECTIVES.join(", ")}`;
}

function unknownField(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `unknown field '${name}'${meant === undefined ? "" : `; did you mean '${meant}'?`}`;
}

function unknownWord(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined ? `expected ${words.join(" or ")}` : `unknown word; did you mean '${meant}'?`;
}

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
