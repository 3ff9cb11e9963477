import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { refuse } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import { tableOf, wantsTable } from "./table-view.ts";

/** The object a request names. Throws the 404 of the real API server. */
export function found(store: ObjectStore, { resource, namespace, name }: ApiRequest): KubeObject {
  const object = store.get(resource.name, namespace, name!);
  if (object === undefined) throw refuse.notFound(resource.name, name!);
  return object;
}

/** GET on one object or its status. */
export function getObject({ store }: ApiContext, { request, headers }: Call): Reply {
  const object = found(store, request);
  if (!wantsTable(headers.accept)) return { code: 200, body: object };
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return { code: 200, body: tableOf(request.resource, [object], metadata, request.query.get("includeObject"), Date.now()) };
}
