import type { Pod } from "../pod.ts";
import type { KubeObject } from "../store/kube-object.ts";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** One kind the API server stores. */
export interface Resource {
  name: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories?: string[];
  verbs: Verb[];
  subresources: Record<string, { kind: string; verbs: Verb[] }>;
  /** What a fieldSelector may name. */
  fields: Record<string, (object: KubeObject) => string>;
}

const ALL: Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const READ: Verb[] = ["get", "list", "watch"];

/** Reads a dotted path; an absent value is the empty string, as in real field selectors. */
const at =
  (path: string) =>
  (object: KubeObject): string =>
    String(
      path.split(".").reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object) ?? "",
    );

const fields = (...paths: string[]): Resource["fields"] =>
  Object.fromEntries(["metadata.name", "metadata.namespace", ...paths].map(path => [path, at(path)]));

const eventFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
  field => `involvedObject.${field}`,
);

const resource = (name: string, kind: string, rest: Partial<Resource> = {}): Resource => ({
  name,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  shortNames: [],
  verbs: ALL,
  subresources: {},
  fields: fields(),
  ...rest,
});

const withStatus = (kind: string): Resource["subresources"] => ({ status: { kind, verbs: ["get", "patch", "update"] } });

/** Everything the local cluster serves, by plural name; all of it in `v1`. */
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
  ].map(entry => [entry.name, entry]),
);
