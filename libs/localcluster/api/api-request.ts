import type { ObjectStore } from "../store/object-store.ts";
import { refuse } from "./api-error.ts";
import { findResource } from "./custom-resources.ts";
import type { Resource, Verb } from "./resources.ts";

/** A request to the API, understood. */
export interface ApiRequest {
  verb: Verb;
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: URLSearchParams;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?\/?$/;
const NAMESPACE_PATH =
  /^\/api\/(?<version>v1)\/(?<resource>namespaces)(?:\/(?<name>[^/]+)(?:\/(?<subresource>status|finalize))?)?\/?$/;

const VERBS: Record<string, { one: Verb | undefined; many: Verb | undefined }> = {
  GET: { one: "get", many: "list" },
  POST: { one: undefined, many: "create" },
  PUT: { one: "update", many: undefined },
  PATCH: { one: "patch", many: undefined },
  DELETE: { one: "delete", many: "deletecollection" },
};

export const isTrue = (value: string | null): boolean => value === "true" || value === "1";

/** Which verb on which object this is. Throws the 404 and 405 of the real API server. */
export function apiRequest(method: string, url: URL, store: ObjectStore): ApiRequest {
  const groups = (NAMESPACE_PATH.exec(url.pathname) ?? PATH.exec(url.pathname))?.groups;
  const { group = "", version = "", resource: plural = "" } = groups ?? {};
  const resource = findResource(store, { group, version, plural });
  if (groups === undefined || resource === undefined) throw refuse.noSuchPath();
  const text = (part: string): string | undefined => (groups[part] === undefined ? undefined : decodeURIComponent(groups[part]));
  const [namespace, name, subresource] = [text("namespace"), text("name"), text("subresource")];
  if (subresource !== undefined && resource.subresources[subresource] === undefined) throw refuse.noSuchPath();
  const verbs = VERBS[method];
  let verb = name === undefined ? verbs?.many : verbs?.one;
  if (subresource !== undefined && method === "POST") verb = "create";
  if (verb === "list" && isTrue(url.searchParams.get("watch"))) verb = "watch";
  const allowed = subresource === undefined ? resource.verbs : resource.subresources[subresource]!.verbs;
  if (verb === undefined || !allowed.includes(verb) || (verb === "create" && resource.namespaced && namespace === undefined))
    throw refuse.method();
  return { verb, resource, namespace, name, subresource, query: url.searchParams };
}
