import { randomUUID } from "node:crypto";
import { type KubeObject, seconds } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { cause, refuse } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import { hasOwnStatus } from "./custom-resources.ts";
import { decodeBody } from "./decode-body.ts";
import { PREPARATIONS } from "./prepare-object.ts";
import type { Resource } from "./resources.ts";
import { metadataCauses } from "./validate-metadata.ts";

const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const randomSuffix = (): string =>
  [...crypto.getRandomValues(new Uint8Array(5))].map(byte => SUFFIX_ALPHABET[byte % SUFFIX_ALPHABET.length]).join("");

/** POST on a collection. */
export function createObject(context: ApiContext, call: Call): Reply {
  const { object, warnings } = decodeBody(call);
  return insertObject(context, call.request, object, warnings);
}

/** Stores a new object. */
export function insertObject({ store }: ApiContext, request: ApiRequest, object: KubeObject, warnings: string[]): Reply {
  const { resource, query } = request;
  const identified = withIdentity(resource.custom === undefined ? object : newCustom(object, resource), request);
  checkNamespace(store, request, identified.metadata.name);
  const { admit, fill, causes } = PREPARATIONS[resource.kind] ?? {};
  admit?.(identified, store);
  const filled = fill?.(identified) ?? identified;
  const wrong = [...metadataCauses(filled.metadata, resource.kind), ...(causes?.(filled) ?? [])];
  if (wrong.length > 0) throw refuse.invalid(resource.kind, filled.metadata.name, wrong);
  const existing = store.get(resource.name, filled.metadata.namespace, filled.metadata.name);
  if (existing !== undefined)
    throw refuse.exists(resource.name, filled.metadata.name, existing.metadata.deletionTimestamp !== undefined);
  const created = query.getAll("dryRun").includes("All") ? filled : store.create(resource.name, filled);
  return { code: 201, body: created, warnings };
}

/** The status is its controller's to write, where it is written apart. */
function newCustom({ status, ...object }: KubeObject, resource: Resource): KubeObject {
  const whole = { ...object, metadata: { ...object.metadata, generation: 1 } } as KubeObject;
  return status === undefined || hasOwnStatus(resource) ? whole : { ...whole, status };
}

function withIdentity(object: KubeObject, { resource, namespace }: ApiRequest): KubeObject {
  const { name, generateName, ...given } = object.metadata;
  if (given.namespace !== undefined && given.namespace !== namespace) {
    throw refuse.badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (!name && !generateName) {
    throw refuse.invalid(resource.kind, "", [cause.required("metadata.name", "name or generateName is required")]);
  }
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, resourceVersion, ...rest } = given;
  if (resourceVersion) throw refuse.badRequest("resourceVersion should not be set on objects to be created");
  const metadata = {
    name: name || `${generateName!.slice(0, 58)}${randomSuffix()}`,
    ...(generateName ? { generateName } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...rest,
    uid: randomUUID(),
    resourceVersion: "",
    creationTimestamp: seconds(Date.now()),
  };
  return { ...object, metadata };
}

function checkNamespace(store: ObjectStore, { resource, namespace }: ApiRequest, name: string): void {
  if (namespace === undefined) return;
  const found = store.get("namespaces", undefined, namespace);
  if (found === undefined) throw refuse.notFound("namespaces", namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw refuse.forbidden(resource.name, name, why, [
    { reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" },
  ]);
}
