import type { Pod } from "../pod.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { humanDuration } from "./human-duration.ts";
import { podSummary } from "./pod-summary.ts";
import type { PrinterColumn, Resource } from "./resources.ts";

interface Column {
  name: string;
  wide?: boolean;
  cell: (object: KubeObject, nowMs: number) => string | number;
}

/** A field somewhere in an object whose kind is known from the table it is in. */
const read = (object: KubeObject, ...path: string[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);

const since = (value: unknown, nowMs: number): string =>
  typeof value === "string" ? humanDuration(nowMs - Date.parse(value)) : "<unknown>";
const text =
  (...path: string[]) =>
  (object: KubeObject): string =>
    String(read(object, ...path) ?? "<none>");
const size =
  (...path: string[]) =>
  (object: KubeObject): number =>
    Object.keys((read(object, ...path) as object | undefined) ?? {}).length;

const NAME: Column = { name: "Name", cell: object => object.metadata.name };
const AGE: Column = { name: "Age", cell: (object, nowMs) => since(object.metadata.creationTimestamp, nowMs) };
const lastSeen = (event: KubeObject): unknown =>
  read(event, "lastTimestamp") ?? read(event, "eventTime") ?? event.metadata.creationTimestamp;

const COLUMNS: Record<string, Column[]> = {
  Pod: [
    NAME,
    { name: "Ready", cell: (object, nowMs) => podSummary(object as Pod, nowMs).ready },
    { name: "Status", cell: (object, nowMs) => podSummary(object as Pod, nowMs).status },
    { name: "Restarts", cell: (object, nowMs) => podSummary(object as Pod, nowMs).restarts },
    AGE,
    { name: "IP", wide: true, cell: text("status", "podIP") },
    { name: "Node", wide: true, cell: text("spec", "nodeName") },
    { name: "Nominated Node", wide: true, cell: text("status", "nominatedNodeName") },
    { name: "Readiness Gates", wide: true, cell: () => "<none>" },
  ],
  Event: [
    { name: "Last Seen", cell: (object, nowMs) => since(lastSeen(object), nowMs) },
    { name: "Type", cell: text("type") },
    { name: "Reason", cell: text("reason") },
    {
      name: "Object",
      cell: object => `${String(read(object, "involvedObject", "kind")).toLowerCase()}/${read(object, "involvedObject", "name")}`,
    },
    { name: "Subobject", wide: true, cell: object => String(read(object, "involvedObject", "fieldPath") ?? "") },
    { name: "Source", wide: true, cell: object => `${read(object, "reportingComponent")}, ${read(object, "reportingInstance")}` },
    { name: "Message", cell: object => String(read(object, "message") ?? "").trim() },
    {
      name: "First Seen",
      wide: true,
      cell: (object, nowMs) => since(read(object, "firstTimestamp") ?? read(object, "eventTime"), nowMs),
    },
    { name: "Count", wide: true, cell: object => Number(read(object, "count") ?? 1) },
    { ...NAME, wide: true },
  ],
  Namespace: [NAME, { name: "Status", cell: text("status", "phase") }, AGE],
  Secret: [NAME, { name: "Type", cell: text("type") }, { name: "Data", cell: size("data") }, AGE],
  ConfigMap: [NAME, { name: "Data", cell: object => size("data")(object) + size("binaryData")(object) }, AGE],
  ServiceAccount: [NAME, { name: "Secrets", cell: size("secrets") }, AGE],
  CustomResourceDefinition: [NAME, { name: "Created At", cell: text("metadata", "creationTimestamp") }],
  Node: [
    NAME,
    { name: "Status", cell: () => "Ready" },
    { name: "Roles", cell: () => "<none>" },
    AGE,
    { name: "Version", cell: text("status", "nodeInfo", "kubeletVersion") },
    { name: "OS-Image", wide: true, cell: text("status", "nodeInfo", "osImage") },
    { name: "Container-Runtime", wide: true, cell: text("status", "nodeInfo", "containerRuntimeVersion") },
  ],
};

/** A definition that names no columns has the age alone, as on the real API server. */
const customColumns = (columns: readonly PrinterColumn[]): Column[] => [
  NAME,
  ...columns.map(({ name, jsonPath, isDate, wide }): Column => {
    const steps = jsonPath.split(".").filter(step => step !== "");
    const value = (object: KubeObject): unknown => read(object, ...steps);
    return { name, wide, cell: (object, nowMs) => (isDate ? since(value(object), nowMs) : cellText(value(object))) };
  }),
  ...(columns.length === 0 ? [AGE] : []),
];

const cellText = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

/** Whether the client prefers a printed table, as kubectl does for `get`. */
export const wantsTable = (accept: string | undefined): boolean =>
  /(^|,)\s*application\/json;as=Table;v=v1;g=meta\.k8s\.io/.test(accept ?? "");

/**
 * Objects as a `meta.k8s.io/v1` Table.
 * @param include how much of each object a row carries: "Metadata" (default), "Object" or "None"
 */
export function tableOf(
  { kind, custom }: Resource,
  objects: KubeObject[],
  metadata: object,
  include: string | null,
  nowMs: number,
): object {
  const columns = custom === undefined ? (COLUMNS[kind] ?? [NAME, AGE]) : customColumns(custom.columns);
  const carried: Record<string, (object: KubeObject) => object> = {
    None: () => ({}),
    Object: object => ({ object }),
    Metadata: object => ({ object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata } }),
  };
  const carry = carried[include ?? "Metadata"] ?? carried.Metadata!;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: "string",
      format: name === "Name" ? "name" : "",
      description: "",
      priority: wide ? 1 : 0,
    })),
    rows: objects.map(object => ({ cells: columns.map(({ cell }) => cell(object, nowMs)), ...carry(object) })),
  };
}
