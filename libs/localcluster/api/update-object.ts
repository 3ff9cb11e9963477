import type { Pod } from "../pod.ts";
import { removeUnlessHeld } from "../pod-deletion.ts";
import type { KubeObject, ObjectMeta } from "../store/kube-object.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { type Cause, cause, refuse } from "./api-error.ts";
import { checkFields, decodeBody } from "./decode-body.ts";
import { found } from "./get-object.ts";
import { PATCHES } from "./patch.ts";
import { PREPARATIONS } from "./prepare-object.ts";
import { metadataCauses } from "./validate-metadata.ts";
import { podUpdateCauses } from "./validate-pod.ts";

/** PUT on an object or its status. */
export function updateObject(context: ApiContext, call: Call): Reply {
  const { object, warnings } = decodeBody(call);
  const { name } = call.request;
  if (object.metadata.name !== name) {
    throw refuse.badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  }
  return replace(context, call, found(context.store, call.request), object, warnings);
}

/** PATCH on an object or its status: merge, strategic merge or JSON patch by content type. */
export function patchObject(context: ApiContext, call: Call): Reply {
  const type = (call.headers["content-type"] ?? "").split(";")[0]!.trim();
  const patch = PATCHES[type];
  if (patch === undefined) throw refuse.mediaType("415: Unsupported Media Type");
  const { resource, query } = call.request;
  const current = found(context.store, call.request);
  let change: unknown;
  try {
    change = JSON.parse(call.body.toString());
  } catch (error) {
    throw refuse.badRequest(`error decoding patch: ${(error as Error).message}`);
  }
  const { object, warnings } = checkFields(patch(current, change), resource.kind, query.get("fieldValidation") ?? "Warn");
  return replace(context, call, current, object, warnings);
}

function replace({ store }: ApiContext, { request }: Call, current: KubeObject, asked: KubeObject, warnings: string[]): Reply {
  const { resource, subresource, query } = request;
  const { resourceVersion } = asked.metadata;
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    const why = "the object has been modified; please apply your changes to the latest version and try again";
    throw refuse.conflict(resource.name, current.metadata.name, why);
  }
  const next = subresource === "status" ? withStatus(current, asked) : withoutStatus(current, asked);
  const filled = resource.kind === "Secret" ? PREPARATIONS.Secret!.fill!(next) : next;
  const causes = [...immutableCauses(current.metadata, asked.metadata), ...metadataCauses(filled.metadata, resource.kind)];
  if (resource.kind === "Pod" && subresource === undefined) causes.push(...podUpdateCauses(current as Pod, filled as Pod));
  if (causes.length > 0) throw refuse.invalid(resource.kind, current.metadata.name, causes);
  if (query.getAll("dryRun").includes("All")) return { code: 200, body: filled, warnings };
  if (JSON.stringify(filled) === JSON.stringify(current)) return { code: 200, body: current, warnings };
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
