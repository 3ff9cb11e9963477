import type { Pod } from "../pod.ts";
import { requestDeletion } from "../pod-deletion.ts";
import { type KubeObject, seconds } from "../store/kube-object.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { named, refuse } from "./api-error.ts";
import { parseJson } from "./decode-body.ts";
import { found } from "./get-object.ts";
import { selection } from "./selector.ts";

interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
}

function optionsOf({ body, request }: Call): DeleteOptions {
  const given = body.length === 0 ? {} : (parseJson(body, "DeleteOptions") as DeleteOptions);
  const grace = request.query.get("gracePeriodSeconds");
  return {
    ...given,
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    dryRun: [...(given.dryRun ?? []), ...request.query.getAll("dryRun")],
  };
}

function checkPreconditions(object: KubeObject, { preconditions = {} }: DeleteOptions): void {
  const { uid, resourceVersion, name } = object.metadata;
  const conflict = (what: string, asked: string, recorded: string, perhaps: string) =>
    refuse.conflict(
      object.kind,
      name,
      `the ${what} in the precondition (${asked}) does not match the ${what} in record (${recorded}). ${perhaps}`,
    );
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw conflict("UID", preconditions.uid, uid, "The object might have been deleted and then recreated");
  }
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw conflict("ResourceVersion", preconditions.resourceVersion, resourceVersion, "The object might have been modified");
  }
}

const graceOf = (object: KubeObject, options: DeleteOptions): number =>
  object.kind === "Pod" ? Math.max(options.gracePeriodSeconds ?? (object as Pod).spec.terminationGracePeriodSeconds, 0) : 0;

/** DELETE on one object: answers a pod or a namespace with itself, anything else with a Status, as the real API server does. */
export function deleteObject({ store }: ApiContext, call: Call): Reply {
  const { resource, namespace, name } = call.request;
  const object = found(store, call.request);
  const options = optionsOf(call);
  checkPreconditions(object, options);
  if (options.dryRun?.includes("All")) return { code: 200, body: object };
  if (resource.name === "namespaces") return { code: 200, body: terminateNamespace({ store }, object) };
  const last = requestDeletion(store, resource.name, object, graceOf(object, options));
  const remains = store.get(resource.name, namespace, name!) !== undefined;
  if (resource.name === "pods" || remains) return { code: 200, body: last };
  const details = { ...named(resource.name, name!), uid: object.metadata.uid };
  return { code: 200, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

/** DELETE on a collection: everything the selectors choose; answers with the list of it. */
export function deleteCollection({ store }: ApiContext, call: Call): Reply {
  const { resource, namespace, query } = call.request;
  const selects = selection(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "", resource.fields);
  const options = optionsOf(call);
  const chosen = store.list(resource.name, namespace).filter(selects);
  const items = chosen.map(object => requestDeletion(store, resource.name, object, graceOf(object, options)));
  return {
    code: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: resource.apiVersion,
      metadata: { resourceVersion: String(store.revision) },
      items,
    },
  };
}

/** POST on pods/eviction: marks the pod as disrupted and deletes it with its grace. */
export function evictPod({ store }: ApiContext, call: Call): Reply {
  const pod = found(store, call.request) as Pod;
  const given = call.body.length === 0 ? {} : (parseJson(call.body, "Eviction") as { deleteOptions?: DeleteOptions });
  const options = given.deleteOptions ?? {};
  checkPreconditions(pod, options);
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: seconds(Date.now()),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  } as const;
  const marked = store.update("pods", {
    ...pod,
    status: { ...pod.status, conditions: [...(pod.status.conditions ?? []), condition] },
  });
  requestDeletion(store, "pods", marked, graceOf(marked, options));
  return { code: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 } };
}

/** A namespace is emptied first; the namespace reaper removes it when nothing is left in it. */
function terminateNamespace({ store }: Pick<ApiContext, "store">, namespace: KubeObject): KubeObject {
  if (namespace.metadata.deletionTimestamp !== undefined) return namespace;
  return store.update("namespaces", {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: seconds(Date.now()) },
    status: { phase: "Terminating" },
  });
}
