import { isDeepStrictEqual } from "node:util";
import type { Pod } from "../pod.ts";
import { removeUnlessHeld } from "../pod-deletion.ts";
import type { KubeObject, ObjectMeta } from "../store/kube-object.ts";
import type { ApiContext, Reply } from "./api-context.ts";
import { type Cause, cause, refuse } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import { hasOwnStatus } from "./custom-resources.ts";
import { PREPARATIONS } from "./prepare-object.ts";
import type { Resource } from "./resources.ts";
import { metadataCauses } from "./validate-metadata.ts";
import { podUpdateCauses } from "./validate-pod.ts";

/** Stores what an update, a patch or an apply makes of an object or its status: checked, with the fields that belong to the server kept. */
export function replaceObject(
  { store }: ApiContext,
  request: ApiRequest,
  current: KubeObject,
  asked: KubeObject,
  warnings: string[],
): Reply {
  const { resource, subresource, query } = request;
  const { resourceVersion } = asked.metadata;
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    const why = "the object has been modified; please apply your changes to the latest version and try again";
    throw refuse.conflict(resource.name, current.metadata.name, why);
  }
  const next = subresource === "status" ? withStatus(current, asked) : withNextGeneration(resource, current, asked);
  const filled = resource.kind === "Secret" ? PREPARATIONS.Secret!.fill!(next) : next;
  const causes = [...immutableCauses(current.metadata, asked.metadata), ...metadataCauses(filled.metadata, resource.kind)];
  if (resource.kind === "Pod" && subresource === undefined) causes.push(...podUpdateCauses(current as Pod, filled as Pod));
  if (causes.length > 0) throw refuse.invalid(resource.kind, current.metadata.name, causes);
  if (query.getAll("dryRun").includes("All")) return { code: 200, body: filled, warnings };
  if (isDeepStrictEqual(filled, current)) return { code: 200, body: current, warnings };
  return { code: 200, body: removeUnlessHeld(store, resource.name, store.update(resource.name, filled)), warnings };
}

/** Fields of the metadata that belong to the server. */
function owned(current: ObjectMeta, asked: ObjectMeta): ObjectMeta {
  const {
    name,
    namespace,
    generateName,
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    resourceVersion,
  } = current;
  const fixed = {
    name,
    namespace,
    generateName,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  };
  const kept = Object.fromEntries(Object.entries(fixed).filter(([, value]) => value !== undefined));
  const { labels, annotations, finalizers, ...rest } = asked;
  const free = Object.fromEntries(Object.entries({ labels, annotations, finalizers }).filter(([, value]) => value !== undefined));
  return { ...rest, ...kept, ...free } as unknown as ObjectMeta;
}

/** Of a custom kind the server counts what its controller has to look at. */
function withNextGeneration(resource: Resource, current: KubeObject, asked: KubeObject): KubeObject {
  const rest = withoutStatus(current, asked);
  if (resource.custom === undefined) return rest;
  const { status: _, ...bare } = rest;
  const whole = { ...bare, ...(asked.status === undefined ? {} : { status: asked.status }) } as KubeObject;
  const next = hasOwnStatus(resource) ? rest : whole;
  if (isDeepStrictEqual({ ...next, metadata: undefined }, { ...current, metadata: undefined })) return next;
  return { ...next, metadata: { ...next.metadata, generation: (current.metadata.generation ?? 1) + 1 } };
}

function withoutStatus(current: KubeObject, asked: KubeObject): KubeObject {
  const { status: _, kind: __, apiVersion: ___, metadata, ...rest } = asked;
  const kept = "status" in current ? { status: current.status } : {};
  return { kind: current.kind, apiVersion: current.apiVersion, metadata: owned(current.metadata, metadata), ...rest, ...kept };
}

const withStatus = (current: KubeObject, asked: KubeObject): KubeObject => ({
  ...current,
  metadata: owned(current.metadata, asked.metadata),
  status: asked.status ?? current.status,
});

function immutableCauses(current: ObjectMeta, asked: ObjectMeta): Cause[] {
  const changed = (["name", "namespace", "uid"] as const).filter(
    field => asked[field] !== undefined && asked[field] !== current[field],
  );
  return changed.map(field => cause.invalid(`metadata.${field}`, asked[field], "field is immutable"));
}
