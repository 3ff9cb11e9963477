/** A right as Kubernetes names it. */
export interface Right {
  group: string;
  /** With a subresource behind "/": "pods/log". */
  resource: string;
  verb: string;
}

const rights = (resource: string, verbs: readonly string[], group = ""): Right[] =>
  verbs.map(verb => ({ group, resource, verb }));

/** All that a worker may do; k8s/base/worker-rights.yaml gives exactly this. */
export const NEEDED_RIGHTS: readonly Right[] = [
  ...rights("pods", ["create", "get", "list", "watch", "delete"]),
  ...rights("pods/log", ["get"]),
  ...rights("events", ["list"]),
];

/** Must be nobody's who runs other people's DAGs. */
export const FORBIDDEN_RIGHTS: readonly Right[] = rights("secrets", [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
]);

/** A worker has no use for them, and whoever takes one over has. */
export const SUPERFLUOUS_RIGHTS: readonly Right[] = [
  ...rights("pods", ["update", "patch", "deletecollection"]),
  ...rights("pods/exec", ["create"]),
  ...rights("pods/attach", ["create"]),
  ...rights("pods/portforward", ["create"]),
  ...rights("pods/ephemeralcontainers", ["update", "patch"]),
  ...rights("configmaps", ["get", "list", "create", "update"]),
  ...rights("serviceaccounts/token", ["create"]),
  ...rights("serviceaccounts", ["create", "impersonate"]),
  ...rights("deployments", ["create", "update"], "apps"),
  ...rights("jobs", ["create"], "batch"),
  ...rights("roles", ["create", "update", "bind", "escalate"], "rbac.authorization.k8s.io"),
  ...rights("rolebindings", ["create", "update"], "rbac.authorization.k8s.io"),
];
