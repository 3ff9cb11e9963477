import type { Pod } from "../pod.ts";
import type { KubeObject } from "../store/kube-object.ts";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** A column that a custom kind adds to kubectl's table. */
export interface PrinterColumn {
  name: string;
  /** ".status.phase": a path of plain steps. */
  jsonPath: string;
  /** An instant, shown as its age. */
  isDate: boolean;
  wide: boolean;
}

/** One kind the API server stores. */
export interface Resource {
  /** What it is stored and spoken of as: "pods", "jobs.example.com". */
  name: string;
  /** What it is called in paths. */
  plural: string;
  /** "" for the core. */
  group: string;
  version: string;
  /** "v1", "example.com/v1". */
  apiVersion: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories?: string[];
  verbs: Verb[];
  subresources: Record<string, { kind: string; verbs: Verb[] }>;
  /** What a fieldSelector may name. */
  fields: Record<string, (object: KubeObject) => string>;
  /** Of a custom kind, whose objects may be anything. */
  custom?: { columns: PrinterColumn[] };
}

export const ALL: Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const READ: Verb[] = ["get", "list", "watch"];

/** Reads a dotted path; an absent value is the empty string, as in real field selectors. */
const at =
  (path: string) =>
  (object: KubeObject): string =>
    String(
      path.split(".").reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object) ?? "",
    );

export const fields = (...paths: string[]): Resource["fields"] =>
  Object.fromEntries(["metadata.name", "metadata.namespace", ...paths].map(path => [path, at(path)]));

const eventFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
  field => `involvedObject.${field}`,
);

const resource = (name: string, kind: string, rest: Partial<Resource> = {}): Resource => ({
  name,
  plural: name,
  group: "",
  version: "v1",
  apiVersion: "v1",
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  shortNames: [],
  verbs: ALL,
  subresources: {},
  fields: fields(),
  ...rest,
});

export const withStatus = (kind: string): Resource["subresources"] => ({ status: { kind, verbs: ["get", "patch", "update"] } });

/** The definitions of custom kinds. */
export const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/** Everything the local cluster serves by itself, by name. */
export const RESOURCES: Record<string, Resource> = Object.fromEntries(
  [
    resource("pods", "Pod", {
      shortNames: ["po"],
      categories: ["all"],
      subresources: {
        ...withStatus("Pod"),
        log: { kind: "Pod", verbs: ["get"] },
        eviction: { kind: "Eviction", verbs: ["create"] },
      },
      fields: {
        ...fields(
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.schedulerName",
          "spec.serviceAccountName",
          "status.phase",
          "status.podIP",
        ),
        "spec.hostNetwork": object => String((object as Pod).spec.hostNetwork ?? false),
      },
    }),
    resource("events", "Event", { shortNames: ["ev"], fields: fields(...eventFields, "reason", "type", "reportingComponent") }),
    resource("secrets", "Secret", { fields: fields("type") }),
    resource("configmaps", "ConfigMap", { shortNames: ["cm"] }),
    resource("serviceaccounts", "ServiceAccount", { shortNames: ["sa"] }),
    resource("namespaces", "Namespace", {
      namespaced: false,
      shortNames: ["ns"],
      verbs: ALL.filter(verb => verb !== "deletecollection"),
      subresources: withStatus("Namespace"),
      fields: fields("status.phase"),
    }),
    resource("nodes", "Node", { namespaced: false, shortNames: ["no"], verbs: READ, fields: fields("spec.unschedulable") }),
    resource(DEFINITIONS, "CustomResourceDefinition", {
      plural: "customresourcedefinitions",
      group: "apiextensions.k8s.io",
      apiVersion: "apiextensions.k8s.io/v1",
      namespaced: false,
      shortNames: ["crd", "crds"],
      subresources: withStatus("CustomResourceDefinition"),
    }),
  ].map(entry => [entry.name, entry]),
);
